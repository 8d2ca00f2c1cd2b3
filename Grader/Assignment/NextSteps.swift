import Foundation

/// What there is to do when every check of a unit has passed.
public struct NextSteps {
  /// A few sentences; nil while something is not right or was not checked.
  public let text: String?

  /// Looks at the results of all checks.
  ///
  /// - Parameter manifest: the whole unit's.
  public init(_ manifest: AssignmentManifest, _ results: [String: CheckResult]) {
    let checks = manifest.tasks.flatMap(\.checks)
    guard !checks.isEmpty, checks.allSatisfy({ results[$0.id]?.outcome == .passed }) else {
      text = nil
      return
    }
    var steps: [String] = []
    // one that was a task, before one that is given
    let networks = manifest.networks ?? []
    let own = networks.last { network in manifest.tasks.contains { $0.name == network.name } }
    if let network = own ?? networks.last {
      steps.append(
        "./rhythm train \(network.name) trains a network of yours, and ./rhythm runs compares")
    }
    if let experiment = manifest.experiments?.first {
      steps.append("./rhythm experiments \(experiment.name) trains all that belong together")
    }
    if let questions = manifest.questions, !questions.isEmpty {
      let points = questions.reduce(0) { $0 + $1.points }
      steps.append(
        "Assignments/\(manifest.unit)/ANSWERS.md asks \(questions.count) questions, for "
          + "\(TaskTable.points(points)) points more")
    }
    text =
      "All \(TaskTable.points(manifest.maxScore)) points of the code are there."
      + (steps.isEmpty
        ? "" : " What comes next:\n" + steps.map { "  - \($0)" }.joined(separator: "\n"))
  }
}
