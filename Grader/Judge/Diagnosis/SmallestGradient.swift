import WorkerPipe

/// The smallest experiment in which a gradient of a student's model is wrong: in few steps it passes
/// through few terms, so that the wrong ones tell where it is cut off.
struct SmallestGradient {
  private let series: TrialSeries

  init(_ series: TrialSeries) { self.series = series }

  /// The parameters with wrong gradients, and the parts of the model that they belong to; nil when
  /// all are right at all sizes.
  func sentence() throws -> String? {
    // of a model with parts, first without what leads from each of them to all in the step before
    let hasParts = series.part != nil && series.session.subject(series.model).state != nil
    for isWithoutMemory in hasParts ? [true, false] : [false] {
      for size in series.smallest where size.inputShape[0] == 1 {
        if let sentence = try sentence(size, isWithoutMemory: isWithoutMemory) { return sentence }
      }
    }
    return nil
  }

  private func sentence(_ size: TrialSeries.Size, isWithoutMemory: Bool) throws -> String? {
    let check = ModelCheck(
      series.session, series.model, size.configuration, aside: "smallest gradient")
    var numbers = series.session.numbers("\(series.model) \(size.inputShape) smallest gradient")
    var experiment = try check.experiments(
      size.inputs, draw: size.draw, calling: size.calling)(&numbers)
    // of a large model many are wrong at once, and its gradients would be most of a recording
    guard experiment.parameters.reduce(0, { $0 + $1.values.count }) <= 200 else { return nil }
    let state = check.subject.state
    if isWithoutMemory, let state {
      experiment.parameters = experiment.parameters.map {
        $0.name.hasPrefix(state.parameters) ? $0.mapValues { _ in 0 } : $0
      }
    }
    experiment.upstream = try check.referenceResults(experiment).map {
      numbers.normal("upstream:" + $0.name, $0.shape)
    }
    // the reference is asked at every size while it is recorded
    let expected = try check.referenceGradients(experiment)
    if series.session.isRecording { return nil }
    guard let actual = try? check.studentGradients(experiment) else { return nil }
    let scale = Comparison.gradientScale(expected)
    let wrong = expected.filter { expected in
      !Comparison.agree(actual.first { $0.name == expected.name }, expected, scale: scale)
    }
    guard !wrong.isEmpty else { return nil }
    return sentence(
      SmallestExperiment.sizes(check, experiment)
        + (isWithoutMemory && size.inputShape[1] > 1
          ? " and weights of zero for \(state?.letter ?? "the state")" : ""),
      wrong, of: expected)
  }

  private func sentence(
    _ sizes: String, _ wrong: [PipeTensor], of all: [PipeTensor]
  ) -> String {
    func names(_ tensors: [PipeTensor]) -> [String] {
      tensors.map { tensor in
        tensor.name == "input"
          ? "X"
          : tensor.name.hasPrefix("parameter:")
            ? String(tensor.name.dropFirst("parameter:".count)) : tensor.name
      }
    }
    let text = "The smallest experiment with a wrong gradient has \(sizes): "
    if wrong.count == all.count { return text + "the gradients of everything are wrong" }
    let list = NameList.text(
      names(
        wrong.filter { $0.name.hasPrefix("parameter:") }
          + wrong.filter { !$0.name.hasPrefix("parameter:") }), part: series.part)
    return text
      + "wrong \(wrong.count == 1 ? "is the gradient" : "are the gradients") of \(list); all "
      + "others are right"
  }
}
