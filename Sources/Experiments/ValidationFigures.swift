import Foundation
import Metrics

/// What the validation set says of a trained network, class by class, as `--json` writes it.
package struct ValidationFigures: Codable {
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
  /// Missing where it is undefined.
  package let areaUnderROC: Double?
  /// Missing where it is undefined.
  package let averagePrecision: Double?

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
    areaUnderROC = Metrics.areaUnderROC(scores: logits, labels: labels)
    averagePrecision = Metrics.averagePrecision(scores: logits, labels: labels)
  }

  /// The confusion matrix with the figures of each class beside it, then those of all.
  package var table: String {
    let head = "true \\ predicted"
    let width = max(7, (confusionMatrix.joined().max() ?? 0).description.count + 2)
    let hasGaps = unpredicted.contains { $0 > 0 }
    func row(_ name: String, _ cells: [String], _ figures: [String]) -> String {
      name.padded(to: head.count) + cells.map { $0.padded(to: width) }.joined()
        + figures.map { $0.padded(to: 11) }.joined()
    }
    func text(_ value: Double) -> String { String(format: "%.3f", value) }
    var lines = [row(head, classes + (hasGaps ? ["none"] : []), ["precision", "recall", "F1"])]
    for (index, name) in classes.enumerated() {
      let counts = confusionMatrix[index] + (hasGaps ? [unpredicted[index]] : [])
      lines.append(
        row(name, counts.map(String.init), [precision[index], recall[index], f1[index]].map(text)))
    }
    let ranking = [("AUROC", areaUnderROC), ("average precision", averagePrecision)].map {
      "\($0) \($1.map(text) ?? "undefined")"
    }
    lines.append((["mean F1 \(text(meanF1))"] + ranking).joined(separator: ", "))
    return lines.joined(separator: "\n")
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
