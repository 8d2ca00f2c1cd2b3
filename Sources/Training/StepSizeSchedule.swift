import Optimisation
import TensorCore

/// How the step size goes in the course of a training, batch by batch.
///
/// As text, in a manifest, in JSON and on the command line: `constant`, `cosine`, `onecycle:0.2`, `step:30:0.1`,
/// `exponential:0.999`, and one of them after a warm-up of so many batches: `warmup:100:cosine`.
public indirect enum StepSizeSchedule: Sendable, Hashable {
  /// The same for all batches: what section 4.10 does.
  case constant
  /// Down half a cosine from the full step size to zero at the end of the training.
  /// Source: Loshchilov and Hutter 2017.
  case cosine
  /// Up half a cosine from a twenty-fifth of the step size in the share `rising` of the training, then down half a
  /// cosine to zero at its end. Source: Smith and Topin 2019; PyTorch's `OneCycleLR`.
  case oneCycle(rising: Float)
  /// Multiplied by `gamma` after every so many batches.
  case step(every: Int, gamma: Float)
  /// Multiplied by `gamma` after every batch.
  case exponential(gamma: Float)
  /// Up a line from zero in so many batches, then another schedule. Source: Goyal et al. 2017.
  case warmUp(over: Int, then: StepSizeSchedule)

  /// Whether it depends on how many batches there are in all.
  var dependsOnLength: Bool {
    switch self {
    case .constant, .step, .exponential: false
    case .cosine, .oneCycle: true
    case .warmUp(_, let next): next.dependsOnLength
    }
  }

  /// The factors of a training of so many batches.
  func factors(batches: Int) -> LearningRateSchedule {
    switch self {
    case .constant: LearningRateSchedule { _ in 1 }
    case .cosine: .cosine(over: batches)
    case .oneCycle(let rising): .oneCycle(over: batches, rising: rising)
    case .step(let period, let gamma): .step(every: period, gamma: gamma)
    case .exponential(let gamma): .exponential(gamma: gamma)
    case .warmUp(let steps, let next):
      .warmUp(over: steps, then: next.factors(batches: max(batches - steps, 1)))
    }
  }
}

extension StepSizeSchedule: LosslessStringConvertible, Codable {
  /// As in `warmup:100:cosine`.
  public var description: String {
    switch self {
    case .constant: "constant"
    case .cosine: "cosine"
    case .oneCycle(let rising): "onecycle:\(rising)"
    case .step(let period, let gamma): "step:\(period):\(gamma)"
    case .exponential(let gamma): "exponential:\(gamma)"
    case .warmUp(let steps, let next): "warmup:\(steps):\(next)"
    }
  }

  /// Reads such a text; nil where it is none.
  public init?(_ description: String) {
    let parts = description.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    func factor(_ text: String) -> Float? {
      Float(text).flatMap { $0 > 0 && $0 <= 1 ? $0 : nil }
    }
    switch (parts[0], parts.count) {
    case ("constant", 1): self = .constant
    case ("cosine", 1): self = .cosine
    case ("onecycle", 2):
      guard let rising = factor(parts[1]), rising < 1 else { return nil }
      self = .oneCycle(rising: rising)
    case ("step", 3):
      guard let period = Int(parts[1]), period > 0, let gamma = factor(parts[2]) else { return nil }
      self = .step(every: period, gamma: gamma)
    case ("exponential", 2):
      guard let gamma = factor(parts[1]) else { return nil }
      self = .exponential(gamma: gamma)
    case ("warmup", 3...):
      guard let steps = Int(parts[1]), steps > 0,
        let next = StepSizeSchedule(parts[2...].joined(separator: ":"))
      else { return nil }
      if case .warmUp = next { return nil }
      self = .warmUp(over: steps, then: next)
    default: return nil
    }
  }

  /// The schedule that an assignment file names; constant where it says nothing.
  ///
  /// - Throws: a sentence where the text is none.
  public static func named(_ text: String?) throws(TensorError) -> StepSizeSchedule {
    guard let text else { return .constant }
    guard let schedule = StepSizeSchedule(text) else {
      throw TensorError(
        "schedule", "\(text) is none",
        remedy: "Give constant, cosine, onecycle:SHARE, step:EVERY:FACTOR, exponential:FACTOR, or "
          + "warmup:BATCHES: before one of them")
    }
    return schedule
  }

  /// Reads the text.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let schedule = StepSizeSchedule(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "\(text) is no schedule"))
    }
    self = schedule
  }

  /// Writes the text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
