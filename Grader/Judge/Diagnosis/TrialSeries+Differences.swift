import WorkerPipe

extension TrialSeries {
  /// How far the student's results and gradients are from the reference's: the largest difference
  /// as a share of what the tolerance is relative to. Of right ones, rounding alone.
  public func differences(_ numbers: inout SeededNumbers) throws -> (
    values: Float, gradients: Float
  ) {
    var (values, gradients) = (Float(0), Float(0))
    for trial in try withUpstream(&numbers).trials {
      values = max(
        values,
        Self.share(
          try trial.check.studentResults(trial.experiment),
          try trial.check.referenceResults(trial.experiment), scale: trial.experiment.scale))
      let expected = try trial.check.referenceGradients(trial.experiment)
      gradients = max(
        gradients,
        Self.share(
          try trial.check.studentGradients(trial.experiment), expected,
          scale: Comparison.gradientScale(expected)))
    }
    return (values, gradients)
  }

  private static func share(
    _ actual: [PipeTensor], _ expected: [PipeTensor], scale: Float
  ) -> Float {
    expected.reduce(0) { worst, tensor in
      guard let own = actual.first(where: { $0.name == tensor.name }) else { return .infinity }
      let scale = tensor.values.reduce(scale) { max($0, abs($1)) }
      let difference = zip(own.values, tensor.values).reduce(Float(0)) {
        max($0, abs($1.0 - $1.1))
      }
      return scale > 0 ? max(worst, difference / scale) : worst
    }
  }
}
