import Examples
import Foundation
import Metrics

extension Targets {
  /// How many outputs a network has for each example: one logit for two classes, else one for each class or
  /// label, or as many as there are numbers.
  public var outputWidth: Int {
    switch self {
    case .none: 0
    case .classes(_, let count): count > 2 ? count : 1
    case .labelSets(_, let count): count
    case .numbers(_, let width): width
    }
  }

  /// The metric that a training goes by where nobody named one.
  public var usualMetric: Metric {
    if case .numbers = self { .determination } else { .accuracy }
  }

  /// The accuracy of a network's outputs; nil where nothing can be right or wrong, as of numbers.
  public func accuracy(of outputs: [Float]) -> Double? {
    Metric.accuracy.objection(to: self) == nil
      ? Metric.accuracy.value(of: outputs, for: self) : nil
  }

  /// The loss of a network's outputs, computed in double precision: cross-entropy, or the squared error of
  /// numbers.
  ///
  /// - Returns: not a number where there are no targets, or not as many outputs.
  public func loss(of outputs: [Float]) -> Double {
    switch self {
    case .none: .nan
    case .classes(let labels, _): Metrics.crossEntropy(logits: outputs, labels: labels)
    case .labelSets(let flags, let count):
      LabelSets(logits: outputs, flags: flags, count: count)?.crossEntropy ?? .nan
    case .numbers(let values, _): Metrics.meanSquaredError(outputs, targets: values)
    }
  }

  /// The loss of who knows nothing of an example: from that of who knows how often each target occurs (an
  /// entropy, or the variance of numbers) to that of who does not (all are as likely; zeros for numbers).
  ///
  /// - Parameter classWeights: how much each class counts in the loss; nil where all count the same.
  /// - Returns: nil where there are no targets.
  public func guessingLoss(classWeights: [Float]? = nil) -> ClosedRange<Double>? {
    switch self {
    case .none: return nil
    case .classes(let labels, let count):
      guard !labels.isEmpty else { return nil }
      var weights = [Double](repeating: 0, count: count)
      for label in labels where weights.indices.contains(Int(label)) {
        weights[Int(label)] += classWeights.map { Double($0[Int(label)]) } ?? 1
      }
      let sum = weights.reduce(0, +)
      return Self.range(Self.entropy(weights.map { $0 / sum }), log(Double(count)))
    case .labelSets(let flags, let count):
      let known = Self.meanOfColumns(flags.map(Double.init), count) { flags in
        let fraction = flags.mean ?? 0
        return Self.entropy([fraction, 1 - fraction])
      }
      return known.map { Self.range($0, log(2)) }
    case .numbers(let values, let width):
      let values = values.map(Double.init)
      let known = Self.meanOfColumns(values, width) { values in
        let mean = values.mean ?? 0
        return values.map { ($0 - mean) * ($0 - mean) }.mean ?? 0
      }
      return known.map { Self.range($0, values.map { $0 * $0 }.mean ?? $0) }
    }
  }

  /// Rounding may put the less after the more.
  private static func range(_ known: Double, _ unknown: Double) -> ClosedRange<Double> {
    known...max(known, unknown)
  }

  private static func entropy(_ fractions: [Double]) -> Double {
    -fractions.reduce(0) { $1 > 0 ? $0 + $1 * log($1) : $0 }
  }

  /// The mean of a figure of each column; nil where there is no row.
  private static func meanOfColumns(
    _ values: [Double], _ width: Int, _ figure: ([Double]) -> Double
  ) -> Double? {
    values.isEmpty ? nil : values.columns(width).map(figure).mean
  }
}
