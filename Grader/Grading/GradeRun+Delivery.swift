import Assignment
import Gradebook
import Intake

extension GradeRun {
  /// What is graded: a delivery joined with the gradebook, or the gradebook alone.
  enum Delivery {
    case carryover(Carryover)
    case gradebook([Submission], IntakeReport?)

    var submissions: [Submission] {
      switch self {
      case .carryover(let carryover): carryover.submissions
      case .gradebook(let submissions, _): submissions
      }
    }

    /// The submissions to take out of the gradebook.
    var removed: Set<String> {
      if case .carryover(let carryover) = self { carryover.removed } else { [] }
    }

    /// What was found in the delivery, with the removals that the gradebook has by now.
    func report(_ gradebook: Gradebook) throws -> IntakeReport? {
      switch self {
      case .carryover(var carryover):
        carryover.update(try gradebook.removals())
        return carryover.report
      case .gradebook(_, let report): return report
      }
    }
  }

  /// Takes in what the options name.
  static func delivery(
    _ options: GradeOptions, _ manifest: AssignmentManifest, _ gradebook: Gradebook
  ) throws -> Delivery {
    switch options.submissions {
    case .folder(let folder):
      var rules = try IntakeRules(manifest)
      rules.decisions = try KeptDecisions(gradebook).decisions
      rules.results = options.outputFolder
      let intake =
        try options.intake ?? Intake(folder: folder, files: manifest.files, rules: rules)
      return .carryover(try Carryover(intake, gradebook: gradebook, removing: options.removing))
    case .gradebook:
      let stored = try gradebook.submissions()
      guard !stored.isEmpty else { throw GradebookError.missing(folder: options.outputFolder) }
      let decisions = try KeptDecisions(gradebook).decisions
      var report = try gradebook.intakeReport()
      report?.problems.removeAll { $0.isDecided(by: decisions) }
      return .gradebook(
        try stored.map {
          try Submission($0.submission, files: gradebook.contents($0.submission.files))
        }, report)
    }
  }
}
