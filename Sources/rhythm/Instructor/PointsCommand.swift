import ArgumentParser
import Assignment
import CSV
import Foundation
import Gradebook
import Grading
import NeuralNetworks
import Publication

/// `rhythm points`: points that a person gives for a check.
struct PointsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "points", abstract: "Give points for a check by hand, or take them back.",
    discussion: """
      The points count in place of the judge's, before what lateness costs, and the student reads the \
      reason. They are kept in the gradebook with the time, and no grade, regrade, publish or rollback \
      takes them away: after other files, a changed check or another point value they stay and are listed \
      to be looked at again. With --remove the judge's points count again. Without NAME all points by \
      hand are listed.
      """)

  @Argument(help: "The submission's name, or words of it that only one has.")
  var name: String?

  @Argument(help: "The check, as assignment.yml calls it.")
  var check: String?

  @Argument(help: "The points, from 0 to what the check is worth.")
  var points: String?

  @Option(name: .customLong("out"), help: "The folder that ./rhythm grade wrote.")
  var output: String

  @Option(help: "Why, as the student reads it.")
  var reason: String?

  @Option(name: .customLong("by"), help: "Who gives them, or takes them back.")
  var person: String?

  @Flag(help: "Take back what was given, so that the judge's points count again.")
  var remove = false

  func validate() throws {
    guard let name else { return }
    // what begins with a minus is taken for an option
    let negative = CommandLine.arguments.first { Double($0).map { $0 < 0 } ?? false }
    if points == nil, let negative {
      throw ValidationError("\(negative) points are fewer than none.")
    }
    guard check != nil, remove || points != nil else {
      throw ValidationError(
        "say which check of \(name) and how many points: ./rhythm points NAME CHECK POINTS")
    }
    if remove, points != nil { throw ValidationError("--remove takes no points.") }
    guard let person, !Self.line(person).isEmpty else {
      throw ValidationError(
        "say who \(remove ? "takes them back" : "gives them"): --by NAME")
    }
    guard remove || reason.map({ !Self.line($0).isEmpty }) == true else {
      throw ValidationError("say why, as the student is to read it: --reason \"…\"")
    }
  }

  func run() throws {
    try reportingFailure {
      guard let name, let check, let person else { return try list() }
      let gradebook = try Gradebook(folder: output, create: false)
      let (session, _) = try GradingSession.resume(output, gradebook)
      guard let published = try gradebook.published() else {
        throw GradebookError.nothingPublished(
          "\(output) has no results yet: ./rhythm grade, or publish, comes first")
      }
      let submission = try gradebook.submission(name).submission.name
      guard let judged = published.results.first(where: { $0.submission == submission }) else {
        throw GradebookError.unknownSubmission(name, near: published.results.map(\.submission))
      }
      let own = try Self.check(check, of: judged)
      if remove {
        guard
          try gradebook.takeBackPoints(submission: submission, check: own.id, by: Self.line(person))
        else {
          throw ValidationError("nobody gave \(submission) points for \(own.id) by hand")
        }
      } else {
        try gradebook.give(
          GivenPoints(
            submission: submission, check: own.id, points: try given(own), maxPoints: own.maxPoints,
            reason: Self.line(reason ?? ""), person: Self.line(person), files: judged.files,
            checkHash: own.checkHash))
      }
      try Publisher(
        gradebook: gradebook, folder: output, writeReports: session.reportWriter()
      ).refresh()
      let now = try HandPoints(gradebook).laid(over: judged)
      let counting = now.checks.first { $0.id == own.id } ?? own
      printLine(
        "\(plain(submission)), \(own.id): "
          + "\(CSV.points(counting.points)) of \(CSV.points(own.maxPoints)) "
          + (remove ? "by the judge" : "by hand (the judge: \(CSV.points(own.points)))")
          + "; \(CSV.points(now.score)) of \(CSV.points(now.maxScore)) for the code")
    }
  }

  /// The check of a name.
  private static func check(_ name: String, of result: SubmissionResult) throws -> CheckResult {
    let known = result.checks.map(\.id)
    if let id = known.first(where: { $0.lowercased() == name.lowercased() }),
      let check = result.checks.first(where: { $0.id == id })
    {
      return check
    }
    let meant =
      Spelling.nearest(to: name, in: known).map { "did you mean \($0)?" }
      ?? "the checks are \(known.joined(separator: ", "))"
    throw ValidationError("there is no check \(plain(name)); \(meant)")
  }

  /// The points that were typed.
  private func given(_ check: CheckResult) throws -> Double {
    let text = points ?? ""
    guard let points = Double(text.replacing(",", with: ".")), points.isFinite else {
      throw ValidationError("“\(plain(text))” is no number of points")
    }
    guard points >= 0 else { throw ValidationError("\(text) points are fewer than none") }
    guard points <= check.maxPoints else {
      throw ValidationError(
        "\(text) points are more than the \(CSV.points(check.maxPoints)) of \(check.id)")
    }
    return points
  }

  /// A text on one line.
  private static func line(_ text: String) -> String {
    plain(text.split(whereSeparator: \.isNewline).joined(separator: " "))
      .trimmingCharacters(in: .whitespaces)
  }

  /// What was given, with what should be looked at again.
  private func list() throws {
    let gradebook = try Gradebook(reading: output)
    let all = try gradebook.givenPoints()
    guard !all.isEmpty else { return printLine("no points were given by hand") }
    let results = try gradebook.published()?.results ?? []
    let hand = try HandPoints(gradebook)
    for one in all {
      printLine(
        "\(plain(one.submission)), \(one.check): \(CSV.points(one.points)) by \(one.person), "
          + "\(one.givenAt.formatted(.iso8601)): \(one.reason)")
    }
    for sentence in hand.toLookAt(in: results.map(hand.laid(over:))) {
      printLine("look at: \(plain(sentence))")
    }
  }
}
