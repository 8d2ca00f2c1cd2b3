import NeuralNetworks
import TensorCore

/// The models and functions of a unit that can be asked for by name, and nothing else.
public struct Catalogue: Sendable {
  /// A model or function that was made from its settings.
  struct Made {
    /// Holds the parameters; nil for a function.
    var module: Module?
    /// Calls it. What is drawn is drawn from the generator that it was made with.
    let call: (Catalogue.Arguments, inout RandomGenerator) throws -> [Catalogue.NamedResult]
  }

  /// Something that can be asked for.
  public struct Entry: Sendable {
    let name: String
    let make: @Sendable (Catalogue.Configuration, inout RandomGenerator) throws -> Made
  }

  private let entries: [String: Entry]

  /// Makes a catalogue; of two entries of one name the first counts.
  public init(_ entries: [Entry]) {
    self.entries = Dictionary(entries.map { ($0.name, $0) }) { first, _ in first }
  }

  /// The names, sorted.
  var names: [String] { entries.keys.sorted() }

  /// The entry of that name.
  ///
  /// - Throws: a sentence with all names when there is none.
  func entry(_ name: String) throws(TensorError) -> Entry {
    guard let entry = entries[name] else {
      throw TensorError(
        "catalogue", "there is no \(name)", remedy: "There are \(names.joined(separator: ", "))")
    }
    return entry
  }
}

extension Catalogue.Entry {
  /// A network of one input, called `input`, whose result is called `logits`.
  ///
  /// - Parameter make: makes it, with parameters drawn from the generator.
  public static func network<Made: Network>(
    _ name: String,
    _ make: @escaping @Sendable (Catalogue.Configuration, inout RandomGenerator) throws -> Made
  ) -> Self {
    model(name, make) { network, arguments in
      [("logits", .tensor(try network(try arguments["input"])))]
    }
  }

  /// A model: a module with parameters, called on named inputs.
  ///
  /// - Parameters:
  ///   - make: makes it, with parameters drawn from the generator.
  ///   - call: calls it and names its results.
  public static func model<Made: Module>(
    _ name: String,
    _ make: @escaping @Sendable (Catalogue.Configuration, inout RandomGenerator) throws -> Made,
    _ call: @escaping @Sendable (Made, Catalogue.Arguments) throws -> [Catalogue.NamedResult]
  ) -> Self {
    Self(name: name) { configuration, generator in
      let module = try make(configuration, &generator)
      return Catalogue.Made(module: module) { arguments, _ in try call(module, arguments) }
    }
  }

  /// A function: a loss, a metric, a transform, a sampler, one proposal of a search.
  ///
  /// - Parameter call: calls it and names its results; a sampler draws from the generator.
  public static func function(
    _ name: String,
    _ call:
      @escaping @Sendable (Catalogue.Arguments, Catalogue.Configuration, inout RandomGenerator)
      throws -> [Catalogue.NamedResult]
  ) -> Self {
    Self(name: name) { configuration, _ in
      Catalogue.Made(module: nil) { arguments, generator in
        try call(arguments, configuration, &generator)
      }
    }
  }
}

extension Catalogue {
  /// A named result of a call.
  public typealias NamedResult = (name: String, value: ResultValue)

  /// What a call returns under one name.
  public enum ResultValue {
    /// Numbers, which gradients may flow through.
    case tensor(Tensor)
    /// Indices, labels, counts.
    case integers([Int32])
  }
}
