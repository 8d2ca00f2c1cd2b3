import CSV
import Foundation

/// ANSWERS.md taken apart: the answer to each question, and all that was not understood.
///
/// Students damage the comment lines that answers are found by: they delete them, write on them,
/// copy them, let an editor change their dashes. Whatever they wrote ends up in an answer or in
/// `leftovers`; nothing is dropped.
public struct AnswerSheet: Sendable, Equatable {
  /// Text outside of all answers.
  public struct Leftover: Sendable, Equatable {
    /// The line it begins in, from 1.
    public let line: Int
    /// The text.
    public let text: String
  }

  /// The answers by question; a question without one is not in it.
  public private(set) var answers: [String: String] = [:]
  /// The lines between the markers `members`.
  public private(set) var members = ""
  /// What is wrong with the file and how it was read, one sentence each.
  public private(set) var problems: [String] = []
  /// Remarks that are no mistakes, such as pictures that an answer shows.
  public private(set) var remarks: [String] = []
  /// What belongs to no answer.
  public private(set) var leftovers: [Leftover] = []

  /// Reads a sheet.
  ///
  /// - Parameters:
  ///   - data: the file as it was handed in.
  ///   - template: the file as it was handed out, whose lines are no answers.
  ///   - questions: the questions' names.
  public init(_ data: Data, template: String, questions: [String]) {
    var reader = SheetReader(template: template, questions: questions)
    let plain = DecodedText(data)
    if plain == nil { reader.problems.append("the file is no text and was not read") }
    if let encoding = plain?.otherEncoding {
      reader.problems.append("the file is not UTF-8; it was read as \(encoding)")
    }
    reader.read(plain?.text ?? "")
    answers = reader.answers.compactMapValues { $0.isEmpty ? nil : $0 }
    members = answers.removeValue(forKey: SheetReader.members) ?? ""
    problems = reader.problems
    leftovers = reader.leftovers
    for question in questions {
      for target in PictureLinks.targets(in: answers[question] ?? "") {
        let target = target.hasPrefix("data:") ? "in the text itself" : target
        remarks.append("the answer to \(question) shows the picture \(target)")
      }
    }
  }
}
