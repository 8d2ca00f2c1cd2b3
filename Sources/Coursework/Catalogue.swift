import NeuralNetworks
import TensorCore

/// The models of a unit that can be asked for by name, and nothing else.
public struct Catalogue: Sendable {
  /// A model that was made: its module, and how it is called.
  public struct Model {
    let module: Module
    let call: (Tensor) throws -> [(name: String, tensor: Tensor)]

    /// Makes a model from a module and a function that calls it and names its results.
    public init(
      _ module: Module, _ call: @escaping (Tensor) throws -> [(name: String, tensor: Tensor)]
    ) {
      self.module = module
      self.call = call
    }

    /// Makes a model from a network, whose result is called `logits`.
    public init(_ network: some Network) {
      module = network
      call = { [("logits", try network($0))] }
    }
  }

  /// The sizes a model is made with.
  public struct Configuration: Sendable {
    let values: [String: Int]

    /// The value of a setting.
    ///
    /// - Throws: when the request does not have it.
    public func callAsFunction(_ name: String) throws(TensorError) -> Int {
      guard let value = values[name] else {
        throw TensorError("catalogue", "the setting \(name) is missing")
      }
      return value
    }
  }

  /// Makes a model of the given sizes with parameters drawn from the generator.
  public typealias Maker = @Sendable (Configuration, inout RandomGenerator) throws -> Model

  let makers: [String: Maker]

  /// Makes a catalogue.
  public init(_ makers: [String: Maker]) { self.makers = makers }
}
