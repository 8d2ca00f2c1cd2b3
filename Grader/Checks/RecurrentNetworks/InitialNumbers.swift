import Judge
import WorkerPipe

/// What a new layer's parameter starts with: zeros where it is a bias, else draws from the normal
/// distribution with mean 0 and standard deviation 0.01.
///
/// The smallest matrix that is looked at has n = 2176 numbers. The mean's standard error is then
/// 0.01 / √n = 0.0002, the deviation's 0.01 / √(2n) = 0.00015, and the kurtosis's √(24 / n) = 0.1
/// around 3; a uniform distribution has 1.8. The bounds below are seven or more of these, which a
/// right layer misses once in 10¹¹ draws.
struct InitialNumbers {
  private let tensor: PipeTensor

  init(_ tensor: PipeTensor) { self.tensor = tensor }

  func require() throws {
    let (name, values) = (tensor.name, tensor.values.map(Double.init))
    let count = Double(values.count)
    guard tensor.shape.count > 1 else {
      guard values.allSatisfy({ $0 == 0 }) else {
        throw CheckFailure("the bias \(name) does not start at zero")
      }
      return
    }
    guard values.contains(where: { $0 != 0 }) else {
      throw CheckFailure("\(name) starts at zero everywhere")
    }
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let deviation = variance.squareRoot()
    guard abs(mean) < 0.0015 * max(1, deviation / 0.01) else {
      throw CheckFailure("\(name) starts with the mean \(Self.short(mean)); the task has 0")
    }
    guard (0.0085...0.0115).contains(deviation) else {
      throw CheckFailure(
        "\(name) starts with standard deviation \(Self.short(deviation)); the task has 0.01")
    }
    let kurtosis =
      values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) * ($1 - mean) * ($1 - mean) } / count
      / (variance * variance)
    guard (2.3...4.5).contains(kurtosis) else {
      throw CheckFailure("\(name) is not drawn from the normal distribution")
    }
  }

  /// Rounded to one significant digit, which is what somebody may have written.
  private static func short(_ value: Double) -> String {
    var unit = 1.0
    while unit > abs(value) { unit /= 10 }
    let rounded = (value / unit).rounded() * unit
    // 0.1 and not 0.1000…01
    let text = "\((rounded * 1e6).rounded() / 1e6)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
