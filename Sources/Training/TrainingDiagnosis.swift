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
    /// The share of validation examples that are classified correctly.
    public var validationAccuracy: Double
    /// The standard deviation of the validation logits, and the length of the longest of them.
    public var spread, largestLogit: Double

    /// Describes an epoch by its validation logits.
    public init(report: TrainingReport, validationAccuracy: Double, logits: [Float]) {
      self.report = report
      self.validationAccuracy = validationAccuracy
      let count = Double(max(logits.count, 1))
      let mean = logits.reduce(0) { $0 + Double($1) } / count
      let square = logits.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
      spread = square.squareRoot()
      largestLogit = logits.reduce(0) { max($0, abs(Double($1))) }
    }
  }

  private let epochs: [Epoch]
  private let clips: Bool

  /// Takes the epochs of one training.
  ///
  /// - Parameter clips: whether the training shortens long gradients.
  public init(_ epochs: [Epoch], clips: Bool = false) {
    self.epochs = epochs
    self.clips = clips
  }

  /// The loss of guessing, for two classes of equal share: ln 2.
  private static let guessing = log(2.0)
  /// A training that has ended within this of guessing has learned nothing.
  private static let guessingWidth = 0.02
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
    return [unmoved(last), ignoresInput(last), exploding, vanishing(last), dead, overfitting(last)]
      .compactMap { $0 }
  }

  private var diverged: String? {
    for epoch in epochs {
      let loss = epoch.report.trainLoss
      guard loss.isFinite, epoch.largestLogit.isFinite else {
        return
          "diverged: in epoch \(epoch.report.epoch) the loss became infinite or not a number; the "
          + "steps are too long, or something is divided by zero or taken the logarithm of"
      }
      if loss > 10 {
        return
          "diverged: in epoch \(epoch.report.epoch) the loss is \(Self.number(loss)), and that of "
          + "guessing is 0.693; the steps are too long for this network"
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
      "ignores the input: every validation chunk gets the same logit; somewhere what the input "
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
    let names = parameters.filter { ($0.gradient ?? 0) < Self.vanishing * longest }.map(\.name)
    guard !names.isEmpty else { return nil }
    return
      "vanishing gradients: that of \(Self.list(names)) is less than a millionth of the longest"
  }

  private var dead: String? {
    let isGuessing = epochs.allSatisfy {
      abs($0.report.trainLoss - Self.guessing) < Self.guessingWidth
    }
    guard isGuessing else { return nil }
    return
      "not learning: the loss stayed at that of guessing, ln 2 = 0.693, for "
      + "\(epochs.count == 1 ? "the one epoch" : "all \(epochs.count) epochs")"
  }

  private func overfitting(_ last: Epoch) -> String? {
    let difference = last.report.trainAccuracy - last.validationAccuracy
    guard difference > Self.gap else { return nil }
    return
      "overfitting: \(Self.percent(last.report.trainAccuracy)) of the training chunks are right and "
      + "\(Self.percent(last.validationAccuracy)) of the validation chunks"
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(4).joined(separator: ", ")
    return names.count > 4 ? "\(shown) and \(names.count - 4) more" : shown
  }

  private static func number(_ value: Double) -> String { String(format: "%.3g", value) }
  private static func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }
}
