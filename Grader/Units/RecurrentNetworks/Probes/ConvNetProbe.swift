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
    let check = series.check(["binCount": 2], aside: "parts")
    var numbers = series.numbers("ConvNet parts")
    let base = try check.experiment(inputShape: [1, 28, 2], &numbers)
    var isAnswered = true
    // weights and biases alternate, from the first convolution to the linear layer
    for (weight, part) in [
      (6, "the logit, even where the last layer's weights are 0"),
      (4, "what follows the third convolution, even where that gives only its bias"),
      (2, "what follows the second convolution, even where that gives only its bias"),
      (0, "what follows the first convolution, even where that gives only its bias"),
    ] {
      var experiment = base
      experiment.parameters[weight] = base.parameters[weight].mapValues { _ in 0 }
      // a final ReLU would not show in a logit above zero
      if weight == 6 { experiment.parameters[7] = base.parameters[7].mapValues { _ in -0.5 } }
      guard let expected = try check.referenceResults(experiment).first, !series.isRecording,
        let yours = try? check.studentResults(experiment).first(where: { $0.name == expected.name })
      else {
        isAnswered = false
        continue
      }
      guard let own = yours.values.first, let right = expected.values.first else { continue }
      // not relative to a logit that may be near zero
      if !(abs(own - right) <= 1e-4) {
        return "Wrong is \(part): the logit is \(Comparison.number(own)), "
          + "expected \(Comparison.number(right))"
      }
    }
    return !isAnswered
      ? nil
      : "Where the convolutions give only their biases, all is right: look at what depends on "
        + "neighbouring steps: axes, kernels, padding, pooling, the mean over the steps"
  }
}
