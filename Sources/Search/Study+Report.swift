import Assignment
import Experiments
import Foundation
import Metrics
import Training

extension Study {
  /// The trials below each other, in their order; the best has a star.
  package var table: TextTable {
    let best = records.best?.trial
    let names = identity.space.parameters.map(\.name)
    let cells = records.map { record in
      ["\(record.trial)"]
        + zip(identity.space.parameters, record.point).map { $0.shortText($1) }
        + [
          Self.text(record.validation.filter { !$0.isNaN }.max()),
          Self.text(record.test) + (record.trial == best ? " *" : "  "), "\(record.epochs)",
          String(format: "%.1f", record.seconds),
        ]
    }
    let headings =
      ["trial"] + names + ["validation \(identity.metric.rawValue)", "test  ", "epochs", "seconds"]
    return TextTable(headings, cells, kinds: headings.map { _ in .number })
  }

  /// The best point in a line; nil where no trial has a figure.
  package var bestLine: String? {
    records.best.map { best in
      "best: trial \(best.trial), test \(identity.metric.rawValue) \(Self.text(best.test)), "
        + identity.space.text(best.point)
    }
  }

  /// How much each parameter decides, of 1; nil where too few trials say so.
  package static func importance(
    _ space: SearchSpace, _ records: [TrialRecord]
  ) -> [Double]? {
    let ways: [(SearchSpace, [TrialRecord]) -> [Double]?] = [
      // BEGIN INSTRUCTOR: it is made with the estimator that students write themselves
      Importance.shares
      // END INSTRUCTOR
    ]
    return ways.first?(space, records)
  }

  /// How much each parameter decides, in a line; nil where too few trials say so.
  package var importanceLine: String? {
    Self.importance(identity.space, records).map { shares in
      "importance (PED-ANOVA): "
        + zip(identity.space.parameters, shares).map {
          String(format: "\($0.name) %.0f %%", 100 * $1)
        }.joined(separator: ", ")
    }
  }

  /// What was said of the hold-out set, a line for each look at it.
  package var holdOutLines: [String] {
    guard !openings.isEmpty else { return ["the hold-out set has not been opened"] }
    return openings.enumerated().flatMap { number, opening in
      let again =
        number == 0
        ? "the hold-out set was opened"
        : "the hold-out set was opened again, so that its figures are no longer of examples that decided "
          + "nothing,"
      let of = "for trial \(opening.trial) of \(opening.trials)"
      guard let figures = opening.figures else {
        return ["\(again) on \(opening.date) \(of), and nothing came of it"]
      }
      return ["\(again) on \(opening.date) \(of):", "  \(figures.summary)"]
    }
  }

  /// All for a page.
  package var report: String {
    let identity = identity
    let how =
      switch identity.proposer {
      // BEGIN INSTRUCTOR: students write it themselves
      case .tpe: "the tree-structured Parzen estimator"
      // END INSTRUCTOR
      case .random: "chance"
      case .student: "the student's proposals"
      }
    let chosen = identity.chosen.map { chosen in
      " Chosen: \(chosen.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))."
    }
    let figures = openings.last?.figures
    let matrix = figures.map { figures in
      "\n    " + figures.table.text.replacing("\n", with: "\n    ") + "\n"
    }
    return """
      # \(identity.network): \(Self.counted(records.count)) by \(how)

      On \(identity.data).\(chosen ?? "") Seed \(identity.recipe.seed), at most \(identity.recipe.epochs) epochs\
      \(identity.patience.map { ", patience \($0)" } ?? ""). The validation set stopped each trial, the test set chose \
      among them.

          \(table.text.replacing("\n", with: "\n    "))

      \([bestLine, importanceLine].compactMap(\.self).joined(separator: "\n\n"))

      \(holdOutLines.joined(separator: "\n"))
      \(matrix ?? "")
      """
  }

  /// So many trials, in words.
  package static func counted(_ trials: Int) -> String {
    trials == 1 ? "1 trial" : "\(trials) trials"
  }

  private static func text(_ value: Double?) -> String {
    value.map { String(format: "%.4f", $0) } ?? ""
  }
}

extension ValidationFigures {
  /// All in a line.
  fileprivate var summary: String {
    let total = confusionMatrix.joined().reduce(0, +) + unpredicted.reduce(0, +)
    let right = confusionMatrix.indices.reduce(0) { $0 + confusionMatrix[$1][$1] }
    let recalls = zip(classes, recall).map { String(format: "\($0) %.3f", $1) }
    return [
      areaUnderROC.map { String(format: "AUROC %.4f", $0) },
      meanRecall.map { String(format: "mean recall %.4f", $0) },
      String(format: "accuracy %.4f", Double(right) / Double(max(total, 1))),
      "recall \(recalls.joined(separator: ", "))",
    ].compactMap(\.self).joined(separator: ", ")
  }
}
