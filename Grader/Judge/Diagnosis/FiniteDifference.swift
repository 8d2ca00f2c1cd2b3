import Foundation
import WorkerPipe

/// Gradients from the student's own results, by moving a parameter a little to both sides: they tell
/// a wrong gradient from the right gradient of a wrong function.
///
/// The quotient is computed for a whole tensor in one direction, so that rounding (about 1e-7 of the
/// results over a step of 1e-2) stays below a thousandth. At a kink, as ReLU and the maximum have
/// them, two steps of different length disagree, and nothing is said.
struct FiniteDifference {
  let trial: TrialSeries.Trial

  /// The relative difference that rounding and curvature may leave.
  static let tolerance = 0.02

  /// Whether a gradient is the derivative of the student's own results with respect to a tensor; nil
  /// where a kink or rounding leaves it open.
  func agrees(_ gradient: PipeTensor) throws -> Bool? {
    let largest = largest(gradient)
    let direction = gradient.values.enumerated().map { index, value in
      // along the gradient, where it is largest, and a little of everything else
      Double(value) + (index % 2 == 0 ? 0.3 : -0.2) * largest
    }
    let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0 else { return nil }
    let unit = direction.map { $0 / length }
    let analytic = zip(gradient.values, unit).reduce(0) { $0 + Double($1.0) * $1.1 }
    guard let wide = try quotient(gradient.name, unit, 0.02),
      let narrow = try quotient(gradient.name, unit, 0.01)
    else { return nil }
    let scale = max(abs(wide), abs(analytic), 1e-3)
    guard abs(wide - narrow) <= Self.tolerance * scale else { return nil }
    return abs(narrow - analytic) <= 2 * Self.tolerance * scale
  }

  /// Whether the results depend on nothing but parameters and inputs: by chance, or by what is kept from
  /// the calls before, they change in other ways than a gradient says.
  private func isFunction() throws -> Bool {
    let results = try trial.check.studentResults(trial.experiment)
    return try [false, true].allSatisfy { isFirst in
      let again = try trial.check.studentResults(trial.experiment, isFirstCall: isFirst)
      return again.count == results.count
        && zip(again, results).allSatisfy {
          Comparison.agree($0, $1, scale: trial.experiment.scale)
        }
    }
  }

  private func largest(_ tensor: PipeTensor) -> Double {
    max(tensor.values.reduce(0) { max($0, abs(Double($1))) }, 1e-3)
  }

  private func quotient(_ name: String, _ direction: [Double], _ step: Double) throws -> Double? {
    guard let above = try value(name, direction, step),
      let below = try value(name, direction, -step)
    else { return nil }
    return (above - below) / (2 * step)
  }

  /// The sum of all results, each with its upstream gradient.
  private func value(_ name: String, _ direction: [Double], _ step: Double) throws -> Double? {
    var experiment = trial.experiment
    func moved(_ tensor: PipeTensor) -> PipeTensor {
      PipeTensor(
        name: tensor.name, shape: tensor.shape,
        values: zip(tensor.values, direction).map { Float(Double($0) + step * $1) })
    }
    if let index = experiment.inputs.firstIndex(where: { $0.name == name }) {
      experiment.inputs[index] = moved(experiment.inputs[index])
    } else if let index = experiment.parameters.firstIndex(where: { "parameter:" + $0.name == name }
    ) {
      experiment.parameters[index] = moved(experiment.parameters[index])
    }
    let results = try trial.check.studentResults(experiment)
    var total = 0.0
    for upstream in experiment.upstream {
      guard let result = results.first(where: { "upstream:" + $0.name == upstream.name }),
        result.shape == upstream.shape
      else { return nil }
      total += zip(result.values, upstream.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    return total
  }

  // MARK: - In words

  /// What finite differences say of a tensor whose gradient is wrong though the values are right.
  static func sentence(
    _ trial: TrialSeries.Trial, _ gradients: [PipeTensor], wrong name: String
  ) throws -> String? {
    guard let gradient = gradients.first(where: { $0.name == name }),
      try FiniteDifference(trial: trial).agrees(gradient) == false
    else { return nil }
    let title =
      name == "input"
      ? "the input"
      : name.hasPrefix("parameter:") ? String(name.dropFirst("parameter:".count)) : name
    return "Your own results change with \(title) otherwise than this gradient says (finite "
      + "differences): something cuts it off on its way back: a tensor is "
      + UnreachedGradients.cause
  }

  /// What they say of all gradients where the values are wrong.
  static func verdict(_ trials: [(trial: TrialSeries.Trial, gradients: [PipeTensor])]) throws
    -> String
  {
    var (right, wrong) = (0, [String]())
    guard let (trial, gradients) = trials.first,
      try FiniteDifference(trial: trial).isFunction()
    else { return "" }
    for gradient in gradients {
      switch try FiniteDifference(trial: trial).agrees(gradient) {
      case true: right += 1
      case false: wrong.append(gradient.name.replacingOccurrences(of: "parameter:", with: ""))
      case nil: break
      }
    }
    if let first = wrong.first {
      return
        ". The gradient of \(first) does not fit your own function either (finite differences)"
    }
    return right == 0 ? "" : ". Yours do fit your function (finite differences)"
  }
}
