import Assignment
import WorkerPipe

/// Finds which of a student's parameters plays which part.
///
/// A layer's parameters have the course's names. In a network the student is free to name and
/// order the parts, so the last part of the name and the shape decide, then the order.
public struct ParameterMatch: Sendable {
  /// The reference's name → the student's.
  public let names: [String: String]

  /// Matches parameters.
  ///
  /// - Throws: `CheckFailure` that lists what is missing and what is there.
  public init(student: [PipeTensor], reference: [PipeTensor]) throws {
    var unused = student.filter { !$0.name.hasPrefix(Self.shared) }
    var names: [String: String] = [:]
    func take(_ expected: PipeTensor, where fits: (PipeTensor) -> Bool) {
      guard names[expected.name] == nil,
        let index = unused.firstIndex(where: { $0.shape == expected.shape && fits($0) })
      else { return }
      names[expected.name] = unused.remove(at: index).name
    }
    for expected in reference { take(expected) { $0.name == expected.name } }
    for expected in reference {
      take(expected) { Self.lastPart($0.name) == Self.lastPart(expected.name) }
    }
    for expected in reference { take(expected) { _ in true } }
    let missing = reference.filter { names[$0.name] == nil }
    guard missing.isEmpty, unused.isEmpty else {
      var sentences: [String] = []
      if !missing.isEmpty { sentences.append("missing: \(Self.list(missing))") }
      if !unused.isEmpty { sentences.append("not expected: \(Self.list(unused))") }
      let sharing = Self.sharing(missing, in: student)
      if unused.isEmpty, sharing == nil {
        sentences.append(
          "\(missing.count == 1 ? "is it" : "is each") declared with @Parameter, and kept as a property?"
        )
      }
      throw CheckFailure(
        student.isEmpty
          ? "the model has no parameters; were they declared with @Parameter, and kept as properties?"
          : "the parameters are not those of the task; \(sentences.joined(separator: "; "))",
        diagnosis: sharing)
    }
    self.names = names
  }

  /// What the names begin with of those that are the same tensor as another.
  static let shared = "shared:"

  /// The missing ones that are there, as the same tensor as another, in a sentence.
  private static func sharing(_ missing: [PipeTensor], in student: [PipeTensor]) -> String? {
    let found = missing.compactMap { missing -> (name: String, first: String)? in
      guard let place = student.first(where: { $0.name == shared + missing.name })?.integers?.first,
        student.indices.contains(Int(place))
      else { return nil }
      return (missing.name, student[Int(place)].name)
    }
    guard let first = found.first?.first else { return nil }
    let same = found.filter { $0.first == first }.map(\.name)
    return "\(NameList.text(same)) \(same.count == 1 ? "is" : "are") the same tensor as "
      + "\(NameList.text([first])), and so one parameter: make a new tensor for each"
  }

  private static func lastPart(_ name: String) -> Substring {
    name.split(separator: ".").last ?? Substring(name)
  }

  static func list(_ tensors: [PipeTensor]) -> String {
    tensors.map { "\(PlainText.quoted($0.name, limit: 80)) \($0.shape)" }.joined(separator: ", ")
  }
}
