import Optimisation

/// How the step size goes in the course of a training, batch by batch.
///
/// As text, in a manifest, in JSON and on the command line: `constant`, `cosine`, `step:30:0.1`,
/// `exponential:0.999`, and one of them after a warm-up of so many batches: `warmup:100:cosine`.
public indirect enum StepSizeSchedule: Sendable, Hashable {
  /// The same for all batches: what section 4.10 does.
  case constant
  /// Down half a cosine from the full step size to zero at the end of the training.
  /// Source: Loshchilov and Hutter 2017.
  case cosine
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
    case .cosine: true
    case .warmUp(_, let next): next.dependsOnLength
    }
  }

  /// The factors of a training of so many batches.
  func factors(batches: Int) -> LearningRateSchedule {
    switch self {
    case .constant: LearningRateSchedule { _ in 1 }
    case .cosine: .cosine(over: batches)
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
