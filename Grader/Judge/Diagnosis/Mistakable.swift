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
  /// What is wrong, for the student.
  package let sentence: String
  /// Whether the values are right all the same.
  package var showsOnlyInGradients = false
  /// Makes the mistake.
  package let change: @Sendable (inout Model) -> Void

  package init(
    _ sentence: String, showsOnlyInGradients: Bool = false,
    _ change: @escaping @Sendable (inout Model) -> Void
  ) {
    self.sentence = sentence
    self.showsOnlyInGradients = showsOnlyInGradients
    self.change = change
  }

  /// The same mistake in a part of a larger model.
  package func within<Whole>(_ part: any WritableKeyPath<Whole, Model> & Sendable) -> Mistake<Whole>
  {
    Mistake<Whole>(sentence, showsOnlyInGradients: showsOnlyInGradients) {
      change(&$0[keyPath: part])
    }
  }
}

extension Mistakable {
  /// The mistakes alone, then those pairs of which neither undoes the other.
  package static var known: [KnownMistake] {
    let single = mistakes.map {
      KnownMistake([$0.sentence], showsOnlyInGradients: $0.showsOnlyInGradients)
    }
    let pairs = mistakes.indices.flatMap { first in
      mistakes.indices.dropFirst(first + 1).compactMap { second -> KnownMistake? in
        let (a, b) = (mistakes[first], mistakes[second])
        let together = Self([a, b])
        guard together == Self([b, a]), together != Self([a]), together != Self([b]) else {
          return nil
        }
        return KnownMistake(
          [a.sentence, b.sentence],
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

  /// The model with the mistakes that the sentences name.
  package init(_ known: KnownMistake) {
    self.init(known.sentences.compactMap { name in Self.mistakes.first { $0.sentence == name } })
  }
}
