import Foundation
import Metrics

/// Why a training went as it did, in one line each. It is advice and no part of a score: most of it
/// rests on what the student's own program reports.
///
/// Source of the kinds of trouble: Goodfellow, Bengio and Courville, "Deep Learning" (2016), sections
/// 8.2.4 and 11.5; Humbatova et al., "Taxonomy of Real Faults in Deep Learning Systems" (2020).
public struct TrainingDiagnosis: Sendable {
  /// The end of an epoch.
  public struct Epoch: Sendable {
    /// What the training reports.
    public var report: TrainingReport
    /// The fraction of validation examples that are classified correctly; nil where none can be, as of numbers.
    public var validationAccuracy: Double?
    /// The mean loss of the validation examples at its end; nil where the loss is the network's own.
    public var validationLoss: Double?
    /// How many validation examples there are.
    public var validationCount: Int
    /// The standard deviation of the validation logits, and the length of the longest of them.
    public var spread, largestLogit: Double

    /// Describes an epoch by its validation logits.
    public init(
      report: TrainingReport, validationAccuracy: Double?, validationLoss: Double? = nil,
      validationCount: Int, logits: [Float]
    ) {
      self.report = report
      self.validationAccuracy = validationAccuracy
      self.validationLoss = validationLoss
      self.validationCount = validationCount
      let count = Double(max(logits.count, 1))
      let mean = logits.reduce(0) { $0 + Double($1) } / count
      let square = logits.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
      spread = square.squareRoot()
      largestLogit = logits.reduce(0) { max($0, abs(Double($1))) }
    }
  }

  private let epochs: [Epoch]
  private let clips: Bool
  private let guessing: ClosedRange<Double>?

  /// Takes the epochs of one training.
  ///
  /// - Parameters:
  ///   - clips: whether the training shortens long gradients.
  ///   - guessing: the loss of guessing (`Targets.guessingLoss`); nil where the loss is the network's own.
  public init(_ epochs: [Epoch], clips: Bool = false, guessing: ClosedRange<Double>?) {
    self.epochs = epochs
    self.clips = clips
    self.guessing = guessing
  }

  /// A training that has ended within this fraction of guessing has learned nothing.
  private static let guessingWidth = 0.03
  /// A loss that is so many times that of guessing is of a network that is sure and wrong.
  private static let divergence = 15.0
  /// A gradient of this length, over all parameters, throws a training of the course's step size
  /// far; those of the course's networks stay below 5.
  private static let explosion = 100.0
  /// A gradient that is this much shorter than the longest one, beside the length of what it is a
  /// gradient of, does not train.
  private static let vanishing = 1e-6
  /// What the accuracy on the training set may be above that on the validation set.
  private static let gap = 0.1

  /// The remarks, the weightiest first; none for a training in order.
  public var remarks: [String] {
    guard let last = epochs.last else { return [] }
    if let remark = diverged { return [remark] }
    // what has learned nothing has learned nothing by heart
    return [
      unmoved(last), ignoresInput(last), exploding, vanishing(last), dead ?? overfitting(last),
    ].compactMap { $0 }
  }

  private var diverged: String? {
    for epoch in epochs {
      let loss = epoch.report.trainLoss
      guard loss.isFinite, epoch.largestLogit.isFinite else {
        return
          "diverged: in epoch \(epoch.report.epoch) the loss became infinite or not a number; the "
          + "steps are too long, or something is divided by zero or taken the logarithm of"
      }
      if let guessing = guessing?.upperBound, guessing > 0, loss > Self.divergence * guessing {
        return
          "diverged: in epoch \(epoch.report.epoch) the loss is \(Self.number(loss)), and that of "
          + "guessing is \(Self.number(guessing)); the steps are too long for this network"
      }
    }
    return nil
  }

  private func unmoved(_ last: Epoch) -> String? {
    let parameters = last.report.parameters ?? []
    let names = parameters.filter { $0.moved == 0 }.map(\.name)
    guard !names.isEmpty else { return nil }
    if names.count == parameters.count {
      return "never moved: none of the parameters has changed; does a gradient reach them?"
    }
    return "never moved: \(Self.list(names)) \(names.count == 1 ? "is" : "are") as at the start; "
      + "no gradient reaches \(names.count == 1 ? "it" : "them")"
  }

  private func ignoresInput(_ last: Epoch) -> String? {
    guard last.spread <= 1e-5 * max(last.largestLogit, 1e-3) else { return nil }
    return
      "ignores the input: every validation example gets the same output; somewhere what the input "
      + "says is multiplied by zero, replaced or cut off (units that are always off, for example)"
  }

  private var exploding: String? {
    let longest = epochs.compactMap(\.report.largestGradient).max() ?? 0
    guard longest > Self.explosion else { return nil }
    return
      "exploding gradients: the longest, over all parameters, is \(Self.number(longest)) long"
      + (clips ? "" : "; shorter steps or clipped gradients (--clip-norm 1) help")
  }

  private func vanishing(_ last: Epoch) -> String? {
    let parameters = (last.report.parameters ?? []).filter { $0.moved > 0 }
    let lengths = parameters.compactMap(\.gradient)
    guard let longest = lengths.max(), longest > 0 else { return nil }
    func vanishes(_ parameter: ParameterHealth) -> Bool {
      (parameter.gradient ?? 0) < Self.vanishing * longest
    }
    func layer(_ parameter: ParameterHealth) -> Substring {
      parameter.name.dropLast(parameter.name.reversed().prefix { $0 != "." }.count)
    }
    // a gradient that vanishes on its way does so for all of a layer; one alone is that of a parameter that
    // changes nothing, such as what is added to all scores of a softmax
    let arriving = Set(parameters.filter { !vanishes($0) }.map(layer))
    let names = parameters.filter { vanishes($0) && !arriving.contains(layer($0)) }.map(\.name)
    guard !names.isEmpty else { return nil }
    return
      "vanishing gradients: that of \(Self.list(names)) is less than a millionth of the longest"
  }

  private var dead: String? {
    guard let guessing,
      epochs.allSatisfy({
        $0.report.trainLoss > (1 - Self.guessingWidth) * guessing.lowerBound
          && $0.report.trainLoss < (1 + Self.guessingWidth) * guessing.upperBound
          // the other is the mean of an epoch, in which a network may have begun to learn
          && $0.validationLoss.map { $0 > (1 - Self.guessingWidth) * guessing.lowerBound } ?? true
      })
    else { return nil }
    let bounds = [guessing.lowerBound, guessing.upperBound].map(Self.number)
    let loss = bounds[0] == bounds[1] ? bounds[0] : bounds.joined(separator: " to ")
    return
      "not learning: the loss stayed at that of guessing, \(loss), for "
      + "\(epochs.count == 1 ? "the one epoch" : "all \(epochs.count) epochs")"
  }

  private func overfitting(_ last: Epoch) -> String? {
    guard let accuracy = last.validationAccuracy, last.validationCount > 0 else { return nil }
    // few examples are right or wrong by luck: two standard errors of their share
    let luck = 2 * (accuracy * (1 - accuracy) / Double(last.validationCount)).squareRoot()
    guard last.report.trainAccuracy - accuracy > max(Self.gap, luck) else { return nil }
    return
      "overfitting: \(Self.percent(last.report.trainAccuracy)) of the training examples are right and "
      + "\(Self.percent(accuracy)) of the validation examples"
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(4).joined(separator: ", ")
    return names.count > 4 ? "\(shown) and \(names.count - 4) more" : shown
  }

  private static func number(_ value: Double) -> String { String(format: "%.3g", value) }
  private static func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }
}
