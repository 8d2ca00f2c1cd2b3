import Judge
import WorkerPipe

/// Finds the last part of the convolutional network that is wrong by itself, with the student's
/// network as a black box: a convolution with weights of 0 gives its bias at every step, so that only
/// what follows it counts.
struct ConvNetProbe {
  private let series: TrialSeries

  init(_ series: TrialSeries) { self.series = series }

  /// The part with both numbers.
  func sentence() throws -> String? {
    // weights and biases alternate, from the first convolution to the linear layer
    for (weight, part) in [
      (6, "the logit, even where the last layer's weights are 0"),
      (4, "what follows the third convolution, even where that gives only its bias"),
      (2, "what follows the second convolution, even where that gives only its bias"),
      (0, "what follows the first convolution, even where that gives only its bias"),
    ] {
      let check = series.check(["binCount": 2], aside: "parts")
      var numbers = series.numbers("ConvNet parts")
      var experiment = try check.experiment(inputShape: [1, 28, 2], &numbers)
      let silent = experiment.parameters[weight]
      experiment.parameters[weight] = PipeTensor(
        name: silent.name, shape: silent.shape, values: silent.values.map { _ in 0 })
      // a final ReLU would not show in a logit above zero
      if weight == 6 {
        experiment.parameters[7] = PipeTensor(
          name: experiment.parameters[7].name, shape: [1], values: [-0.5])
      }
      guard let expected = try check.referenceResults(experiment).first, !series.isRecording,
        let yours = try? check.studentResults(experiment).first(where: { $0.name == expected.name })
      else { continue }
      if !Comparison.agree(yours, expected) {
        return "Wrong is \(part): the logit is \(Comparison.number(yours.values.first ?? .nan)), "
          + "expected \(Comparison.number(expected.values.first ?? .nan))"
      }
    }
    return series.isRecording
      ? nil
      : "Where the convolutions give only their biases, all is right: look at what depends on "
        + "neighbouring steps: axes, kernels, padding, pooling, the mean over the steps"
  }
}
