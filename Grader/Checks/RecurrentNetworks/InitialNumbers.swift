import Foundation
import Judge
import WorkerPipe

/// The numbers that a freshly made model starts with.
///
/// A check of its own, which no other needs: they are given the parameters' numbers, so that a wrong
/// start costs nothing else.
struct InitialNumbers {
  private let parameters: [PipeTensor]
  /// The same model made from another seed.
  private let again: [PipeTensor]

  init(_ session: JudgeSession, _ check: ModelCheck) throws {
    parameters = try check.studentParameters(seed: session.openSeed("\(check.model) start"))
    again = try check.studentParameters(seed: session.openSeed("\(check.model) start again"))
  }

  /// A layer's matrices are drawn from N(0, 0.01²), its biases are zero.
  ///
  /// The limits are at least six standard errors away from what 2176 draws give: 0.00015 for the
  /// deviation, 0.1 for the kurtosis, which is 3 for the normal distribution and 1.8 for the uniform
  /// one.
  func requireDistribution(of name: String) throws {
    guard let values = parameters.first(where: { $0.name == name })?.values,
      let shape = parameters.first(where: { $0.name == name })?.shape
    else { return }
    if shape.count == 1 {
      guard values.allSatisfy({ $0 == 0 }) else {
        throw CheckFailure("the bias \(name) does not start at zero")
      }
      return
    }
    guard values.contains(where: { $0 != 0 }) else {
      throw CheckFailure(
        "\(name) starts at zero everywhere: draw it from the normal distribution with standard "
          + "deviation 0.01")
    }
    let count = Double(values.count)
    let mean = values.reduce(0) { $0 + Double($1) } / count
    func moment(_ power: Int) -> Double {
      values.reduce(0) { sum, value in
        let square = (Double(value) - mean) * (Double(value) - mean)
        return sum + (power == 2 ? square : square * square)
      } / count
    }
    let deviation = moment(2).squareRoot()
    guard (0.009...0.011).contains(deviation) else {
      throw CheckFailure(
        "\(name) starts with standard deviation \(rounded(deviation)); the task has 0.01")
    }
    guard (2.3...4).contains(moment(4) / (moment(2) * moment(2))) else {
      throw CheckFailure(
        "\(name) is not drawn from the normal distribution, which Tensor.randn draws from")
    }
    guard abs(mean) < 6 * deviation / count.squareRoot() else {
      throw CheckFailure("\(name) starts with the mean \(rounded(mean)); the task has 0")
    }
  }

  /// No tensor repeats another's numbers, and another seed gives other numbers.
  ///
  /// - Parameter isJudged: whether a tensor counts; one that is all zeros does not.
  func requireDifferentDraws(where isJudged: (String) -> Bool = { _ in true }) throws {
    let drawn = parameters.filter { isJudged($0.name) && $0.values.contains { $0 != 0 } }
    for (place, tensor) in drawn.enumerated() {
      if again.contains(tensor) {
        throw CheckFailure(
          "\(tensor.name) is the same whatever the generator: draw it from `generator`")
      }
      if let twin = drawn[..<place].first(where: { $0.values == tensor.values }) {
        throw CheckFailure("\(tensor.name) starts with the same numbers as \(twin.name)")
      }
    }
  }

  /// One significant digit, or two where one would read as if it were right.
  private func rounded(_ value: Double) -> String {
    func digits(_ format: String) -> String {
      // as in 1, 0.3 and 0.0005
      let number = Double(String(format: format, value)) ?? value
      return number == number.rounded() ? "\(Int(number))" : "\(number)"
    }
    let short = digits("%.1g")
    return short == "0.01" ? digits("%.2g") : short
  }
}
