import Foundation
import Gradebook
import Intake
import People
import Publication

/// The people that decisions may be about, as far as the last delivery was taken in with a class list.
public struct ClassList {
  /// The list's file.
  public let file: String
  /// Everybody on it, with whoever handed something in and is not.
  private let people: [Person]
  private let index: PeopleIndex

  /// Those whom a gradebook knows; nil where nothing was graded with a class list.
  public init?(_ gradebook: Gradebook) throws {
    guard let report = try gradebook.intakeReport(), let roster = report.roster else { return nil }
    let records = try gradebook.submissions().compactMap {
      try? JSONDecoder().decode(SubmissionRecord.self, from: $0.submission.record)
    }
    file = roster.file
    people =
      roster.missing + roster.unknown.map(\.person)
      + report.submissions.flatMap { $0.people.map(\.withStudent) }
      + records.flatMap { $0.people + ($0.listed ?? []) }
    index = PeopleIndex(people.enumerated().map { (person: $1, owner: $0) })
  }

  /// Whether a number, an address, a login or a name is somebody's.
  public func knows(_ word: String) -> Bool {
    if people.contains(where: { $0.isCalled(word) }) { return true }
    // as the next intake looks for whom a decision names
    return index.match(Person(folder: word)) != .none
  }

  /// All words that somebody is called by.
  public var words: [String] {
    people.flatMap { $0.ids + [$0.email, $0.login, $0.name].compactMap(\.self) }
  }
}
