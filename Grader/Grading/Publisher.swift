import Assignment
import Building
import Files
import Foundation
import Gradebook
import Intake
import People
import Publication

/// Brings the files of a folder (results, table, report) to the published state of its gradebook.
///
/// A publication holds all that these files are written from, but for the marks of written answers, points
/// by hand and decisions: those are a person's work, and no rollback takes them away.
public struct Publisher {
  /// What is true of the class as a whole.
  private struct ClassState: Codable {
    /// Without the submissions, which the gradebook keeps beside it.
    var summary: GradeSummary
    var assignment: PublishedAssignment
  }

  private let gradebook: Gradebook
  private let folder: String
  private let writeReports: @Sendable (_ folder: String) throws -> Void

  /// For a gradebook and the folder it lies in.
  ///
  /// - Parameter writeReports: writes the table and the pages from the folder's other files.
  public init(
    gradebook: Gradebook, folder: String,
    writeReports: @escaping @Sendable (_ folder: String) throws -> Void
  ) {
    self.gradebook = gradebook
    self.folder = folder
    self.writeReports = writeReports
  }

  /// Makes sure, before long work, that what will be replaced in the folder is of an earlier publication.
  ///
  /// - Parameter delivery: where the submissions are, which may be in one of these places whoever made it.
  /// - Throws: `GradingError.occupied`.
  func requireOwnPlaces(delivery: String? = nil) throws {
    let isPublished = try gradebook.published() != nil
    let source = delivery.map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path + "/" }
    for place in OutputFolder.places.map({ folder + "/" + $0 }) {
      let path = URL(fileURLWithPath: place).resolvingSymlinksInPath().path
      var status = stat()
      let isThere = lstat(place, &status) == 0
      guard isThere && !isPublished || source?.hasPrefix(path + "/") == true else { continue }
      throw GradingError.occupied(path: place)
    }
  }

  /// Publishes a run's results and writes the files.
  ///
  /// Nothing new is published when the results are those that are published already, nor does an
  /// interrupted run replace a whole one.
  public func publish(
    _ summary: GradeSummary, assignment: PublishedAssignment, run: Int64
  ) throws {
    try requireOwnPlaces()
    var state = ClassState(summary: summary, assignment: assignment)
    state.summary.submissions = []
    let records = Dictionary(
      try gradebook.submissions().map { ($0.submission.name, $0.submission.record) }
    ) { first, _ in first }
    let submissions = summary.submissions.sorted { $0.submission < $1.submission }.map {
      PublishedSubmission(result: $0, record: records[$0.submission])
    }
    // what an earlier version of the grader published is another state than any of now
    if let published = try gradebook.published(),
      let before = try? JSONDecoder().decode(ClassState.self, from: published.summary)
    {
      if before.summary.complete && !summary.complete { return try refresh() }
      let isSame =
        try before.summary.complete == summary.complete
        && OutputFolder.json(before.assignment) == OutputFolder.json(assignment)
        && OutputFolder.json(before.summary.intake) == OutputFolder.json(summary.intake)
        && published.submissions.map(\.record) == submissions.map(\.record)
        && OutputFolder.json(published.results) == OutputFolder.json(submissions.map(\.result))
      if isSame { return try refresh() }
    }
    try gradebook.publish(submissions, summary: try OutputFolder.json(state), run: run)
    try refresh()
  }

  /// Withdraws the published state and goes back to the one before.
  ///
  /// - Throws: `GradebookError.nothingPublished`.
  public func rollBack() throws -> Publication {
    let publication = try gradebook.rollBack()
    try refresh()
    return publication
  }

  /// Writes the files of the published state, unless they are there.
  public func refresh() throws {
    guard let published = try gradebook.published() else { return }
    let mark = folder + "/.published"
    let revision = try gradebook.handwrittenRevision()
    let state = "\(published.id)" + (revision == 0 ? "" : " \(revision)") + "\n"
    let isThere =
      (try? String(contentsOfFile: mark, encoding: .utf8)) == state
      && (OutputFolder.places + ["report/index.html"]).allSatisfy {
        $0 == "intake.json" || FileManager.default.fileExists(atPath: folder + "/" + $0)
      }
    if isThere { return }
    try write(published)
    try writeReports(folder)
    try AtomicFile.write(state, to: mark)
  }

  /// Writes all files beside the folder's own and then lets them change places one after the
  /// other: whoever reads one finds an old or a new state of it, never half of one.
  private func write(_ published: Publication) throws {
    guard var state = try? JSONDecoder().decode(ClassState.self, from: published.summary) else {
      throw FileError.cannotRead(
        path: folder,
        reason: "publication \(published.id) is of an earlier version of the grader; "
          + "./rhythm publish makes one of now")
    }
    let points = try HandPoints(gradebook)
    Leftovers.remove(in: folder, prefix: ".new-")
    let draft = Leftovers.name(in: folder, prefix: ".new-")
    defer { try? FileManager.default.removeItem(atPath: draft) }
    let output = OutputFolder(
      path: draft, names: FileNames.make(published.results.map(\.submission)))
    try output.create()
    let records = published.submissions.map { submission in
      submission.record.flatMap { try? JSONDecoder().decode(SubmissionRecord.self, from: $0) }
    }
    let decisions = try KeptDecisions(gradebook).decisions
    state.summary.intake?.problems.removeAll { $0.isDecided(by: decisions) }
    for (submission, record) in zip(published.submissions, records) {
      let known =
        record ?? SubmissionRecord(submission: submission.result.submission, people: [])
      guard let settled = decisions.settled(known, among: records.compactMap(\.self)) else {
        state.summary.total -= 1
        continue
      }
      var result = points.laid(over: submission.result)
      // whose it is was decided since
      if let record, settled.people != record.people {
        result.members = settled.people.map(\.shownLabel)
      }
      try output.write(result)
      if record != nil { try output.write(settled) }
    }
    try output.write(state.summary)
    try state.assignment.write(to: draft + "/" + PublishedAssignment.folder)
    // Taken away first: after a crash on the way the next command writes everything anew.
    unlink(folder + "/.published")
    for name in try FileManager.default.contentsOfDirectory(atPath: draft) {
      let (new, place) = (draft + "/" + name, folder + "/" + name)
      // A folder cannot be renamed onto one that is not empty: the old one goes aside.
      let old = draft + "/.old-" + name
      var status = stat()
      if lstat(place, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { rename(place, old) }
      guard rename(new, place) == 0 else {
        throw FileError.cannotWrite(path: place, reason: String(cString: strerror(errno)))
      }
    }
  }
}
