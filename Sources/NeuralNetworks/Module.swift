import TensorCore

/// A part of a network: a layer, or a network of layers.
///
/// A subclass declares its parameters with `@Parameter` and its parts as plain properties; their
/// names become the names of the parameters (`linear.weight`, `layers.0.bias`). How it is called
/// is up to the subclass; a module with one input and one output adopts `UnaryLayer`.
open class Module: CustomStringConvertible {
  /// Whether the module is being trained. Dropout, for one, does nothing otherwise. Set it through
  /// `train()` and `eval()`, which reach the parts as well.
  public private(set) var isTraining = true

  /// Makes a module without parameters.
  public init() {}

  // MARK: - Contents

  /// The parameters of the module and all its parts with their names, in the order of declaration.
  ///
  /// Also labels each parameter with its own name, so that messages can say `W_xi`. A parameter that
  /// several parts share comes once, by its first name: an optimiser must not move it twice.
  public func namedParameters() -> [(name: String, tensor: Tensor)] {
    var seen: Set<ObjectIdentifier> = []
    return allParameters.filter { seen.insert(ObjectIdentifier($0.tensor)).inserted }
  }

  /// The parameters that are the same tensor as one before, and so not among `namedParameters()`, each
  /// with the name that this comes by.
  package func sharedParameters() -> [(name: String, first: String)] {
    var names: [ObjectIdentifier: String] = [:]
    return allParameters.compactMap { name, tensor in
      let first = names[ObjectIdentifier(tensor)]
      if first == nil { names[ObjectIdentifier(tensor)] = name }
      return first.map { (name, $0) }
    }
  }

  private var allParameters: [(name: String, tensor: Tensor)] {
    collect { ($0 as? ParameterProtocol)?.parameterTensor }
  }

  /// The tensors marked with `@Buffer`, with their names.
  public func namedBuffers() -> [(name: String, tensor: Tensor)] {
    collect { ($0 as? BufferProtocol)?.bufferTensor }
  }

  /// The parameters, without names.
  public var parameters: [Tensor] { namedParameters().map(\.tensor) }

  /// The number of trainable elements.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

  /// The parts that are modules themselves, with the names of their properties.
  public var children: [(name: String, module: Module)] {
    properties().flatMap { property in
      Self.modules(in: property.value).map { part in
        (property.name + part.suffix, part.module)
      }
    }
  }

  /// The module and all its parts, each before its own parts; parts with the names of their
  /// properties, as in `layers.0`, the module itself with an empty one.
  public func namedModules() -> [(name: String, module: Module)] {
    [("", self)]
      + children.flatMap { child in
        child.module.namedModules().map {
          (child.name + ($0.name.isEmpty ? "" : ".") + $0.name, $0.module)
        }
      }
  }

  // MARK: - Training a part

  /// Keeps the parameters of the module and its parts as they are: no gradient is computed for
  /// them, and an optimiser leaves them alone.
  public func freeze() {
    for parameter in parameters { parameter.stopRequiringGrad() }
  }

  /// Lets the parameters of the module and its parts be trained again.
  public func unfreeze() {
    for parameter in parameters { parameter.requiringGrad() }
  }

  /// Forgets the collected gradients of all parameters.
  public func zeroGrad() {
    for parameter in parameters { parameter.zeroGrad() }
  }

  // MARK: - Mode

  /// Puts the module and its parts into training mode.
  public func train() { setTraining(true) }

  /// Puts the module and its parts into evaluation mode.
  public func eval() { setTraining(false) }

  private func setTraining(_ value: Bool) {
    isTraining = value
    for child in children { child.module.setTraining(value) }
  }

  // MARK: - Description

  /// What the description shows between the parentheses, such as `17 → 128`.
  open var details: String { "" }

  /// The tree of parts with the numbers of parameters.
  public var description: String { tree(indent: "", name: nil) }

  private func tree(indent: String, name: String?) -> String {
    let count = parameterCount
    var text = indent + (name.map { "\($0): " } ?? "") + "\(type(of: self))"
    if !details.isEmpty { text += "(\(details))" }
    if count > 0 { text += "  \(count) parameters" }
    for child in children {
      text += "\n" + child.module.tree(indent: indent + "  ", name: child.name)
    }
    return text
  }

  // MARK: - Reflection

  private func collect(_ tensor: (Any) -> Tensor?) -> [(name: String, tensor: Tensor)] {
    var found: [(name: String, tensor: Tensor)] = []
    for property in properties() {
      if let value = tensor(property.value) {
        if value.label == nil { value.label = property.name }
        found.append((property.name, value))
      }
      for part in Self.modules(in: property.value) {
        found += part.module.collect(tensor).map {
          (property.name + part.suffix + "." + $0.name, $0.tensor)
        }
      }
    }
    return found
  }

  /// The stored properties, the superclass's first. A wrapped property `W_xi` is stored as `_W_xi`.
  private func properties() -> [(name: String, value: Any)] {
    var mirrors: [Mirror] = []
    var mirror: Mirror? = Mirror(reflecting: self)
    while let current = mirror {
      mirrors.append(current)
      mirror = current.superclassMirror
    }
    return mirrors.reversed().flatMap { mirror in
      mirror.children.compactMap { child in
        guard let label = child.label else { return nil }
        let isWrapped = child.value is ParameterProtocol || child.value is BufferProtocol
        return (isWrapped ? String(label.dropFirst()) : label, child.value)
      }
    }
  }

  private static func modules(in value: Any) -> [(suffix: String, module: Module)] {
    if let module = value as? Module { return [("", module)] }
    if let list = value as? [Module] {
      return list.enumerated().map { (".\($0.offset)", $0.element) }
    }
    return []
  }
}

/// A module with one tensor in and one tensor out.
public protocol UnaryLayer: Module {
  /// Applies the layer.
  func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor
}

/// A module that draws random numbers while it is trained. A checkpoint keeps the generator's state,
/// so that a resumed training draws what an uninterrupted one would have.
public protocol RandomModule: Module {
  /// What the module draws from.
  var generator: RandomGenerator { get set }
}
