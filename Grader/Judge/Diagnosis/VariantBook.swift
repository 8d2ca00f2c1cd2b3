import TensorCore
import WorkerPipe

/// A model whose results are recomputed with mistakes in it, and by automatic differentiation the
/// gradients, here in the judge. Numbers that agree name the mistake.
package protocol Variant: Mistakable, Sendable {
  /// The model's results, named as in a worker's answer.
  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)]
  /// Those of the results that are integers, such as masks and lists of indices; below 2²⁴.
  static var integers: Set<String> { get }
}

extension Variant {
  /// None.
  package static var integers: Set<String> { [] }
}

/// The mistakes of a unit's models, each computed by a variant of the model.
package struct VariantBook: MistakeBook {
  private let variants: [String: any (Variant & SendableMetatype).Type]
  private let known: [String: [KnownMistake]]
  /// Every mistake alone, by model.
  package let named: [String: [NamedMistake]]

  /// Makes the book of models by their variants.
  ///
  /// - Parameter others: by model, mistakes that its checks compute by themselves.
  package init(
    _ variants: [String: any (Variant & SendableMetatype).Type],
    others: [String: [NamedMistake]] = [:]
  ) {
    self.variants = variants
    known = variants.mapValues { $0.known }
    named = others.merging(known.mapValues { $0.filter(\.isSingle).flatMap(\.parts) }) { $0 + $1 }
  }

  /// The mistakes of a model, each alone and then in pairs.
  package func mistakes(of model: String) -> [KnownMistake] { known[model] ?? [] }

  /// The results of a model with a mistake in it.
  package func results(
    of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment
  ) throws -> [PipeTensor] {
    let numbers = try Numbers(experiment)
    let integers = variants[model]?.integers ?? []
    return try noGrad { try results(of: model, mistake, numbers) }.map { name, tensor in
      PipeTensor(
        name: name, shape: tensor.shape.dimensions,
        elements: integers.contains(name)
          ? .integers(tensor.array.map { Int32($0) }) : .floats(tensor.array))
    }
  }

  /// The gradients of a model with a mistake in it.
  package func gradients(
    of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment
  ) throws -> [PipeTensor] {
    let numbers = try Numbers(experiment)
    return try numbers.gradients(of: try results(of: model, mistake, numbers), experiment)
  }

  private func results(
    of model: String, _ mistake: KnownMistake, _ numbers: Numbers
  ) throws -> [(name: String, tensor: Tensor)] {
    func compute<Kind: Variant>(_ kind: Kind.Type) throws -> [(name: String, tensor: Tensor)] {
      try Kind(mistake).results(numbers)
    }
    guard let kind = variants[model] else { throw CheckFailure("\(model) has no book") }
    return try compute(kind)
  }
}
