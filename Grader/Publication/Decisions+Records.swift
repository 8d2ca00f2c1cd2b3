import Assignment
import Intake
import People

extension Decisions {
  /// Who handed a submission in, as far as that was decided since it was published.
  ///
  /// - Parameters:
  ///   - record: a submission as it was published.
  ///   - class: all submissions as they were published.
  /// - Returns: the submission as it is now; nil where it is left out.
  package func settled(
    _ record: SubmissionRecord, among class: [SubmissionRecord]
  ) -> SubmissionRecord? {
    guard !leaveOut(record.submission) else { return nil }
    let all = `class`.map { (name: $0.submission, source: String?.none, people: owners($0)) }
    let isElsewhere = countElsewhere(than: record.submission, in: all)
    let people = owners(record)
    let rest = people.filter { !isElsewhere($0) }
    guard !rest.isEmpty || people.isEmpty else { return nil }
    var record = record
    let now = rest.reduce(into: Set<String>()) { $0.formUnion($1.marks) }
    record.people = rest
    record.listed = record.listed?.filter { !$0.marks.isDisjoint(with: now) }
    return record
  }

  /// Those whose work a submission is, by decision or as it was published.
  private func owners(_ record: SubmissionRecord) -> [Person] {
    guard let words = owners(of: record.submission) else { return record.people }
    return words.map { word in
      record.people.first { $0.isCalled(word) } ?? Person(called: word)
    }
  }
}
