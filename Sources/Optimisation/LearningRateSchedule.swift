import Glibc

/// How the step size goes as training does: a factor of the initial one for each step (or epoch,
/// whatever the caller counts).
public struct LearningRateSchedule: Sendable {
  /// The factor after so many steps.
  public let factor: @Sendable (Int) -> Float

  /// Makes a schedule from any rule.
  public init(_ factor: @escaping @Sendable (Int) -> Float) { self.factor = factor }

  /// Multiplied by `gamma` after every `period` steps. PyTorch's `StepLR`.
  public static func step(every period: Int, gamma: Float = 0.1) -> LearningRateSchedule {
    LearningRateSchedule { powf(gamma, Float($0 / max(period, 1))) }
  }

  /// Multiplied by `gamma` after every step. PyTorch's `ExponentialLR`.
  public static func exponential(gamma: Float) -> LearningRateSchedule {
    LearningRateSchedule { powf(gamma, Float($0)) }
  }

  /// Down half a cosine from 1 to `minimum` in `steps` steps, then `minimum`.
  /// Source: Loshchilov and Hutter 2017; PyTorch's `CosineAnnealingLR`.
  public static func cosine(over steps: Int, minimum: Float = 0) -> LearningRateSchedule {
    LearningRateSchedule { step in
      let share = Float(min(step, steps)) / Float(max(steps, 1))
      return minimum + (1 - minimum) * (1 + cosf(.pi * share)) / 2
    }
  }

  /// Up half a cosine from `start` to 1 in the share `rising` of `steps` steps, then down half a cosine to `end`.
  /// Source: Smith and Topin 2019; PyTorch's `OneCycleLR` of `steps + 1` steps in all, with its defaults, and without
  /// the cycle of momentum. (The rise ends a little before its share, as there: after rising · (steps + 1) - 1 steps.)
  public static func oneCycle(
    over steps: Int, rising: Float = 0.3, from start: Float = 0.04, to end: Float = 4e-6
  ) -> LearningRateSchedule {
    let last = Double(max(steps, 1))
    // below zero where there are too few steps to rise in: the first one is on the way down then
    let top = Double(rising) * (last + 1) - 1
    return LearningRateSchedule { step in
      func between(_ first: Float, _ second: Float, _ share: Double) -> Float {
        second + (first - second) * Float((1 + cos(.pi * share)) / 2)
      }
      let step = min(Double(max(step, 0)), last)
      return step < top
        ? between(start, 1, step / top) : between(1, end, (step - top) / max(last - top, 1e-9))
    }
  }

  /// Up a line from `start` to 1 in `steps` steps, then another schedule from its beginning.
  /// Source: Goyal et al. 2017; PyTorch's `LinearLR`, and `SequentialLR` for what follows.
  public static func warmUp(
    over steps: Int, from start: Float = 0, then next: LearningRateSchedule? = nil
  ) -> LearningRateSchedule {
    // a number below none is none, and its distance from a step may be no number
    let steps = max(steps, 0)
    return LearningRateSchedule { step in
      step < steps
        ? start + (1 - start) * Float(step) / Float(steps) : next?.factor(step - steps) ?? 1
    }
  }
}

/// Sets an optimiser's step size by a schedule.
public final class LearningRateScheduler {
  private let optimiser: any Optimiser
  private let schedule: LearningRateSchedule
  private let initialRate: Float
  /// How often `step()` was called. Set it to go on from a checkpoint.
  public var steps = 0 { didSet { apply() } }

  /// Starts the schedule from the optimiser's present step size.
  public init(_ optimiser: any Optimiser, _ schedule: LearningRateSchedule) {
    self.optimiser = optimiser
    self.schedule = schedule
    initialRate = optimiser.learningRate
    apply()
  }

  /// Goes to the schedule's next step.
  public func step() { steps &+= 1 }

  private func apply() { optimiser.learningRate = initialRate * schedule.factor(steps) }
}

/// Makes an optimiser's step size smaller when a figure has not become better for a while.
///
/// Source: PyTorch's `ReduceLROnPlateau` with its defaults (relative threshold).
public final class ReduceOnPlateau {
  /// Which figures are better.
  public enum Better: Sendable {
    /// Smaller ones: a loss.
    case smaller
    /// Larger ones: an accuracy.
    case larger
  }

  private let optimiser: any Optimiser
  private let better: Better
  private let factor: Float
  private let patience: Int
  private let threshold: Float
  private let minimum: Float
  private var best: Float?
  private var waited = 0

  /// Makes a rule.
  ///
  /// - Parameters:
  ///   - better: which figures are better.
  ///   - factor: what the step size is multiplied by.
  ///   - patience: how many calls without anything better are let pass.
  ///   - threshold: by what share of itself a figure must be better to count.
  ///   - minimum: the step size never goes below it.
  public init(
    _ optimiser: any Optimiser, better: Better = .smaller, factor: Float = 0.1, patience: Int = 10,
    threshold: Float = 1e-4, minimum: Float = 0
  ) {
    self.optimiser = optimiser
    self.better = better
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
    self.minimum = minimum
  }

  /// Takes the figure of an epoch.
  public func step(_ figure: Float) {
    if isBetter(figure) {
      best = figure
      waited = 0
    } else {
      waited += 1
    }
    if waited > patience {
      optimiser.learningRate = max(optimiser.learningRate * factor, minimum)
      waited = 0
    }
  }

  private func isBetter(_ figure: Float) -> Bool {
    guard let best else { return !figure.isNaN }
    switch better {
    case .smaller: return figure < best * (1 - threshold)
    case .larger: return figure > best * (1 + threshold)
    }
  }
}
