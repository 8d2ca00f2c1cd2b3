/// What calls of a model changed that they should leave alone.
public struct SideEffects: Codable, Sendable, Equatable {
  /// The parameters and buffers that are not as they were before the calls.
  public var parameters: [String]
  /// The parameters in whose places other tensors are, though with the same numbers: no gradient reaches
  /// the ones that were there, which are those that training moves.
  public var replaced: [String]
  /// The inputs that are not as they were.
  public var inputs: [String]
  /// The results of the first call that were others when the last one was over.
  public var results: [String]

  /// Describes side effects; by default there are none.
  public init(
    parameters: [String] = [], replaced: [String] = [], inputs: [String] = [],
    results: [String] = []
  ) {
    self.parameters = parameters
    self.replaced = replaced
    self.inputs = inputs
    self.results = results
  }
}
