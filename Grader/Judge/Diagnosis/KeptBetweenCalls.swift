import Assignment
import WorkerPipe

/// Whether results have another shape, or none, only since the code was called before: what a list that is
/// kept as a property shows, to which every call appends. Found with nothing but the student's own code, by
/// a first call on the same numbers.
struct KeptBetweenCalls {
  private let session: JudgeSession
  private let outcome: TrialSeries.Outcome

  /// - Parameter outcome: one whose results have wrong shapes, or in which the code stopped.
  init(_ session: JudgeSession, _ outcome: TrialSeries.Outcome) {
    self.session = session
    self.outcome = outcome
  }

  /// What was found, in a sentence.
  func sentence() throws -> String? {
    let first = try? firstCall()
    if let first, isRight(first) { return ofProperty(first) }
    // it was not the program's first one
    session.endStudentWorker()
    guard let alone = try? firstCall() else { return nil }
    guard let first else {
      return "your code runs in a program's first call and stops in a later one: \(Self.outside)"
    }
    if let change = change(from: alone, "a program's first", to: first, "a later one") {
      return "\(change): \(Self.outside)"
    }
    return ofProperty(first)
  }

  /// What a new model's first call says beside the one that is wrong.
  private func ofProperty(_ first: [PipeTensor]) -> String? {
    guard let later = outcome.observation.results else {
      return
        "your code runs in the first call of a new model and stops in a later one: something is kept in a "
        + "property from one call to the next. " + Self.remedy
    }
    let call = outcome.trial.experiment.warmUps == 0 ? "the third" : "a later one"
    return change(from: first, "the first", to: later, call).map {
      "\($0): something is kept in a property from one call to the next, such as the list that they are put "
        + "together from. " + Self.remedy
    }
  }

  private func isRight(_ results: [PipeTensor]) -> Bool {
    outcome.expected.allSatisfy { expected in
      results.first { $0.name == expected.name }?.shape == expected.shape
    }
  }

  private static let remedy = "Make it a local variable of the call"
  private static let outside =
    "something is kept from one call to the next, in a global or static variable. " + remedy

  private func firstCall() throws -> [PipeTensor] {
    try outcome.trial.check.studentResults(outcome.trial.experiment, isFirstCall: true)
  }

  /// How the shapes of a first call's results differ from a later one's.
  private func change(
    from first: [PipeTensor], _ firstCall: String, to later: [PipeTensor], _ call: String
  ) -> String? {
    for before in first {
      guard let after = later.first(where: { $0.name == before.name }),
        after.shape != before.shape
      else { continue }
      let name = PlainText.quoted(before.name)
      let places = before.shape.indices.filter {
        after.shape.indices.contains($0) && after.shape[$0] != before.shape[$0]
      }
      let axes = outcome.trial.check.subject.axes(of: before.name) ?? []
      guard before.shape.count == after.shape.count, places.count == 1, let place = places.first
      else {
        return
          "the results change their shape from call to call (\(name) has shape \(before.shape) in "
          + "\(firstCall) and \(after.shape) in \(call))"
      }
      let (count, later) = (before.shape[place], after.shape[place])
      let noun = axes.indices.contains(place) ? axes[place].noun : ""
      let numbers =
        axes.count == before.shape.count && !noun.isEmpty
        ? "\(count) \(noun)\(count == 1 ? "" : "s") in \(firstCall), \(later) in \(call)"
        : "shape \(before.shape) in \(firstCall), \(after.shape) in \(call)"
      return
        "the results \(later > count ? "grow" : "shrink") from call to call (\(name) has \(numbers))"
    }
    return nil
  }
}
