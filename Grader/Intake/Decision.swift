import Foundation
import People

/// What an instructor decided about a delivery: made once, kept with the gradebook, and gone by whenever the
/// class is taken in again.
///
/// Submissions are named as results name them or by where they lie in the delivery, people by a number, an
/// address, a login or their name.
public enum Decision: Codable, Equatable, Sendable {
  /// The submission is nobody's and is not graded.
  case leaveOut(submission: String)
  /// A file is as if it had not been handed in.
  case leaveOutFile(submission: String, path: String)
  /// A file counts as one of the assignment's, whatever its name.
  case takeFile(submission: String, path: String, name: String)
  /// Of several submissions of somebody, or of all who handed it in, this one counts.
  case counts(submission: String, person: String?)
  /// The submission is the work of these people and of nobody else.
  case owners(submission: String, people: [String])
  /// Two submissions that seem to be one person's both count.
  case both(String, String)

  /// Where a word must be put in that only the instructor knows.
  public static let somebody = "PERSON"

  /// The subcommand of `rhythm decide`, its words and its options.
  private var parts: (verb: String, words: [String], options: [(String, String)]) {
    switch self {
    case .leaveOut(let submission): ("leave-out", [submission], [])
    case .leaveOutFile(let submission, let path): ("leave-out", [submission], [("--file", path)])
    case .takeFile(let submission, let path, let name):
      ("file", [submission, path], [("--as", name)])
    case .counts(let submission, let person):
      ("counts", [submission], person.map { [("--for", $0)] } ?? [])
    case .owners(let submission, let people): ("owner", [submission] + people, [])
    case .both(let one, let other): ("both", [one, other], [])
    }
  }

  /// The command that makes the decision.
  ///
  /// - Parameter results: the folder of results.
  public func command(results: String) -> String {
    let (verb, words, options) = parts
    let shownOptions = (options + [("--out", results)]).map { name, value in
      value.hasPrefix("-") ? "\(name)=\(Self.quoted(value))" : "\(name) \(Self.quoted(value))"
    }
    let shownWords = words.map(Self.quoted)
    let isOdd = words.contains { $0.hasPrefix("-") }
    return
      (["./rhythm decide \(verb)"]
      + (isOdd ? shownOptions + ["--"] + shownWords : shownWords + shownOptions))
      .joined(separator: " ")
  }

  /// A word as a shell takes it.
  static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.unicodeScalars.allSatisfy { scalar in
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
          || "._/@%+=:,-".unicodeScalars.contains(scalar)
      }
    guard !isPlain else { return word }
    // scalars, not characters: a combining mark after a quote would hide it
    var quoted = "'"
    for scalar in word.unicodeScalars {
      if scalar == "'" { quoted += "'\\'" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "'"
  }

  /// What was decided, in a sentence.
  public var sentence: String {
    switch self {
    case .leaveOut(let submission): "\(submission) is left out"
    case .leaveOutFile(let submission, let path): "\(path) of \(submission) is left out"
    case .takeFile(let submission, let path, let name):
      "\(path) of \(submission) is taken for \(name)"
    case .counts(let submission, nil): "\(submission) counts for all who handed it in"
    case .counts(let submission, let person?): "\(submission) counts for \(person)"
    case .owners(let submission, let people):
      "\(submission) is the work of \(people.joined(separator: ", "))"
    case .both(let one, let other): "\(one) and \(other) both count"
    }
  }

  /// The submissions that it names.
  public var submissions: [String] {
    switch self {
    case .leaveOut(let name), .leaveOutFile(let name, _), .takeFile(let name, _, _),
      .counts(let name, _), .owners(let name, _):
      [name]
    case .both(let one, let other): [one, other]
    }
  }

  /// The people that it names.
  public var people: [String] {
    switch self {
    case .owners(_, let people): people
    case .counts(_, let person): [person].compactMap(\.self)
    case .leaveOut, .leaveOutFile, .takeFile, .both: []
    }
  }

  /// Whether it is about what only the delivery holds, so that no grade changes before that is graded again.
  public var needsDelivery: Bool {
    switch self {
    case .leaveOutFile, .takeFile: true
    case .leaveOut, .counts, .owners, .both: false
    }
  }

  /// Whether it leaves no room for an earlier one.
  public func replaces(_ earlier: Decision) -> Bool {
    func isSame(_ one: String, _ other: String) -> Bool {
      Person.folded(one) == Person.folded(other)
    }
    switch (self, earlier) {
    case (.leaveOut(let one), .leaveOut(let other)), (.leaveOut(let one), .counts(let other, _)),
      (.counts(let one, _), .leaveOut(let other)), (.owners(let one, _), .leaveOut(let other)),
      (.owners(let one, _), .owners(let other, _)):
      return isSame(one, other)
    case (.counts(let one, let person), .counts(let other, let before)):
      if let person, let before { return isSame(person, before) }
      return person == before && isSame(one, other)
    case (.takeFile(let one, let path, let name), .takeFile(let other, let before, let taken)):
      return isSame(one, other) && (name == taken || path == before)
    case (.takeFile(let one, let path, _), .leaveOutFile(let other, let before)),
      (.leaveOutFile(let one, let path), .takeFile(let other, let before, _)),
      (.leaveOutFile(let one, let path), .leaveOutFile(let other, let before)):
      return isSame(one, other) && path == before
    case (.both, .both): return self == earlier
    case (.both(let one, let other), .leaveOut(let before)):
      return isSame(one, before) || isSame(other, before)
    default: return false
    }
  }
}
