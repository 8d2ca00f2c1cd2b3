import Assignment
import Foundation
import Metrics

/// What the validation set says of a trained network, class by class, as `--json` writes it.
package struct ValidationFigures: Codable, Sendable {
  /// The names of the classes, in the order of all that follows.
  package let classes: [String]
  /// Row: the true class; column: the predicted one.
  package let confusionMatrix: [[Int]]
  /// Examples of each class without a prediction, since the logit was not a number.
  package let unpredicted: [Int]
  package let precision: [Double]
  package let recall: [Double]
  package let f1: [Double]
  package let meanF1: Double
  /// Missing in results of earlier versions.
  package let meanRecall: Double?
  /// Missing where it is undefined.
  package let areaUnderROC: Double?
  /// Missing where it is undefined.
  package let averagePrecision: Double?

  /// The share of examples that are right, those without a prediction being wrong.
  package var accuracy: Double {
    let count = confusionMatrix.joined().reduce(0, +) + unpredicted.reduce(0, +)
    let right = confusionMatrix.indices.reduce(0) { $0 + confusionMatrix[$1][$1] }
    return count > 0 ? Double(right) / Double(count) : 0
  }

  /// The figures of logits: one an example, or of more than two classes one for each.
  package init(logits: [Float], labels: [Int32], classes: [String]) {
    let matrix = ConfusionMatrix(logits: logits, labels: labels)
    self.classes = classes
    confusionMatrix = matrix.counts
    unpredicted = matrix.unpredicted
    precision = matrix.precision
    recall = matrix.recall
    f1 = matrix.f1
    meanF1 = matrix.meanF1
    meanRecall = matrix.meanRecall
    areaUnderROC =
      logits.count > labels.count
      ? Metrics.meanAreaUnderROC(logits: logits, labels: labels)
      : Metrics.areaUnderROC(scores: logits, labels: labels)
    averagePrecision = Metrics.averagePrecision(scores: logits, labels: labels)
  }

  /// The confusion matrix with the figures of each class beside it.
  package var table: TextTable {
    let hasGaps = unpredicted.contains { $0 > 0 }
    let headings =
      ["true \\ predicted"] + classes + (hasGaps ? ["none"] : []) + ["precision", "recall", "F1"]
    let cells = classes.indices.map { index in
      let counts = confusionMatrix[index] + (hasGaps ? [unpredicted[index]] : [])
      let figures = [precision[index], recall[index], f1[index]]
      return [classes[index]] + counts.map(String.init) + figures.map(Self.text)
    }
    return TextTable(headings, cells, kinds: headings.map { _ in .number })
  }

  /// The figures of all classes. Of more than two the accuracy says least where one class is most of the
  /// examples: the mean recall stands first.
  package var closingLine: String {
    if classes.count > 2 {
      let figures = [("mean recall", meanRecall), ("mean F1", meanF1), ("AUROC", areaUnderROC)]
      return figures.map { "\($0) \($1.map(Self.text) ?? "undefined")" }.joined(separator: ", ")
    }
    let ranking = [("AUROC", areaUnderROC), ("average precision", averagePrecision)].map {
      "\($0) \($1.map(Self.text) ?? "undefined")"
    }
    return (["mean F1 \(Self.text(meanF1))"] + ranking).joined(separator: ", ")
  }

  private static func text(_ value: Double) -> String { String(format: "%.3f", value) }
}
