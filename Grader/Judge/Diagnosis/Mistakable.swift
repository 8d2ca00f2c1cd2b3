/// A model as it can be written, rightly or wrongly: by default as the task has it. A mistake changes
/// a part of it, two mistakes change two parts.
package protocol Mistakable: Equatable {
  /// The model without a mistake.
  init()
  /// What students write instead, the commonest first.
  static var mistakes: [Mistake<Self>] { get }
}

/// One thing that goes wrong in a model.
package struct Mistake<Model>: Sendable {
  /// What it is called and what is said of it.
  package let name: NamedMistake
  /// Whether the values are right all the same.
  package var showsOnlyInGradients = false
  /// Makes the mistake.
  package let change: @Sendable (inout Model) -> Void

  /// Describes a mistake.
  ///
  /// - Parameters:
  ///   - id: kebab case, unique within the model.
  ///   - sentence: what is wrong, for the student.
  package init(
    _ id: String, _ sentence: String, showsOnlyInGradients: Bool = false,
    _ change: @escaping @Sendable (inout Model) -> Void
  ) {
    self.init(NamedMistake(id, sentence), showsOnlyInGradients: showsOnlyInGradients, change)
  }

  private init(
    _ name: NamedMistake, showsOnlyInGradients: Bool,
    _ change: @escaping @Sendable (inout Model) -> Void
  ) {
    self.name = name
    self.showsOnlyInGradients = showsOnlyInGradients
    self.change = change
  }

  /// The same mistake in a part of a larger model.
  package func within<Whole>(_ part: any WritableKeyPath<Whole, Model> & Sendable) -> Mistake<Whole>
  {
    Mistake<Whole>(name, showsOnlyInGradients: showsOnlyInGradients) {
      change(&$0[keyPath: part])
    }
  }
}

extension Mistakable {
  /// The mistakes alone, then those pairs of which neither undoes the other.
  package static var known: [KnownMistake] {
    let single = mistakes.map {
      KnownMistake([$0.name], showsOnlyInGradients: $0.showsOnlyInGradients)
    }
    let pairs = mistakes.indices.flatMap { first in
      mistakes.indices.dropFirst(first + 1).compactMap { second -> KnownMistake? in
        let (a, b) = (mistakes[first], mistakes[second])
        let together = Self([a, b])
        guard together == Self([b, a]), together != Self([a]), together != Self([b]) else {
          return nil
        }
        return KnownMistake(
          [a.name, b.name],
          showsOnlyInGradients: a.showsOnlyInGradients && b.showsOnlyInGradients)
      }
    }
    return single + pairs
  }

  /// The model with mistakes in it, made one after the other.
  package init(_ mistakes: [Mistake<Self>]) {
    self.init()
    for mistake in mistakes { mistake.change(&self) }
  }

  /// The model with the mistakes of these names.
  package init(_ known: KnownMistake) {
    self.init(known.parts.compactMap { part in Self.mistakes.first { $0.name == part } })
  }
}
