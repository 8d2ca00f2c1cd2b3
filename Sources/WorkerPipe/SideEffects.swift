/// What calls of a model changed that they should leave alone.
public struct SideEffects: Codable, Sendable, Equatable {
  /// The parameters that are not as they were before the calls.
  public var parameters: [String]
  /// The parameters in whose places other tensors are, though with the same numbers: no gradient reaches
  /// the ones that were there, which are those that training moves.
  public var replaced: [String]
  /// The inputs that are not as they were.
  public var inputs: [String]
  /// The results of the first call that were others when the last one was over.
  public var results: [String]
  /// The buffers that are not as they were, though nothing is trained.
  public var buffers: [String]
  /// The buffers that hold on to the graph that they were computed in, and with it to everything of every call.
  public var attached: [String]

  /// Describes side effects; by default there are none.
  public init(
    parameters: [String] = [], replaced: [String] = [], inputs: [String] = [],
    results: [String] = [], buffers: [String] = [], attached: [String] = []
  ) {
    self.parameters = parameters
    self.replaced = replaced
    self.inputs = inputs
    self.results = results
    self.buffers = buffers
    self.attached = attached
  }
}
