import People

/// The decisions that an intake goes by.
public struct Decisions: Sendable {
  /// In the order that they were made.
  public private(set) var all: [Decision] = []

  /// Takes decisions, of which a later one takes the place of those that it replaces.
  public init(_ decisions: [Decision] = []) {
    for decision in decisions { add(decision) }
  }

  /// Adds one.
  public mutating func add(_ decision: Decision) {
    all.removeAll(where: decision.replaces)
    all.append(decision)
  }

  /// Whether a name in a decision means a submission.
  ///
  /// - Parameter source: where it lies in the delivery, where that is known.
  static func isMeant(_ name: String, _ submission: String, source: String?) -> Bool {
    name == submission || name == source || Person.folded(name) == Person.folded(submission)
  }

  /// Whether a submission is left out.
  public func leaveOut(_ submission: String, source: String? = nil) -> Bool {
    all.contains { decision in
      if case .leaveOut(let name) = decision {
        Self.isMeant(name, submission, source: source)
      } else {
        false
      }
    }
  }

  /// Whose work a submission is; nil where nobody decided that.
  public func owners(of submission: String, source: String? = nil) -> [String]? {
    for case .owners(let name, let people) in all
    where Self.isMeant(name, submission, source: source) {
      return people
    }
    return nil
  }

  /// Whether it was decided that what lies at a place counts, for whomever.
  func counts(at source: String) -> Bool {
    all.contains { decision in
      if case .counts(source, _) = decision { true } else { false }
    }
  }

  /// Whether two submissions both count.
  public func both(_ one: String, _ other: String) -> Bool {
    all.contains { decision in
      guard case .both(let first, let second) = decision else { return false }
      func fits(_ first: String, _ second: String) -> Bool {
        Self.isMeant(first, one, source: nil) && Self.isMeant(second, other, source: nil)
      }
      return fits(first, second) || fits(second, first)
    }
  }

  /// Which files of a submission are taken for which of the assignment's, and which are left out, by their
  /// paths.
  func files(of submission: String, source: String) -> (taken: [String: String], out: Set<String>) {
    var taken: [String: String] = [:]
    var out: Set<String> = []
    for decision in all {
      switch decision {
      case .takeFile(let name, let path, let file)
      where Self.isMeant(name, submission, source: source):
        taken[path] = file
      case .leaveOutFile(let name, let path) where Self.isMeant(name, submission, source: source):
        out.insert(path)
      default: break
      }
    }
    return (taken, out)
  }

  /// Of whom it is known which submission counts for them: those who are taken out of a submission.
  ///
  /// - Parameters:
  ///   - submission: the one that they may be taken out of.
  ///   - others: all submissions with those who handed them in.
  /// - Returns: whether somebody is one of them.
  public func countElsewhere(
    than submission: String, in others: [(name: String, source: String?, people: [Person])]
  ) -> (Person) -> Bool {
    var people: [Person] = []
    var names: [String] = []
    for case .counts(let name, let person) in all {
      guard
        let counting = others.first(where: { Self.isMeant(name, $0.name, source: $0.source) }),
        counting.name != submission
      else { continue }
      if let person { names.append(person) } else { people += counting.people }
      // whoever is called so there may be known by more than the name
      if let person { people += counting.people.filter { $0.isCalled(person) } }
    }
    let marks = people.reduce(into: Set<String>()) { $0.formUnion($1.keys) }
    return { person in
      names.contains(where: person.isCalled) || !marks.isDisjoint(with: person.keys)
        || people.contains { other in
          other.keys.isEmpty && other.name.map(person.isCalled) == true
        }
    }
  }
}
