import Judge
import TensorCore
import WorkerPipe

extension LSTMNetTrial {
  /// Compares the gradients with those that follow from the student's own layer.
  func requireGradients(of variant: HeadVariant) throws {
    let actual = try session.askStudent(
      .backward(), about: .init("LSTMNet", sizes: size.network),
      experiment.parameters.map {
        PipeTensor(
          name: "parameter:" + (names[$0.name] ?? $0.name), shape: $0.shape, values: $0.values)
      } + [experiment.input, upstream])
    let expected = try expectedGradients(of: variant)
    // of a function that does not depend on its input nobody has to compute gradients
    guard TrialSeries.reachInput(expected) else {
      throw CheckFailure("no gradient reaches the input: the logits do not depend on it")
    }
    if let unreached = UnreachedGradients(actual, expected: expected) { throw unreached.failure }
    // apart, since the layer's are the student's own: large ones must not excuse the head's
    let ofHead = expected.filter { $0.name != "input" && !isOfLayer($0.name) }
    let scale = Comparison.gradientScale(ofHead)
    for expected in expected {
      try Comparison.require(
        actual.first { $0.name == expected.name }, equals: expected,
        called: "the gradient of \(expected.name.split(separator: ":").last ?? "the input")",
        scale: scale, axes: expected.name == "input" ? [.sample, .step, .feature] : nil)
    }
  }

  private func isOfLayer(_ name: String) -> Bool {
    names.contains { $0.key.hasPrefix("lstm.") && "parameter:" + $0.value == name }
  }

  /// Under the student's names.
  private func expectedGradients(of variant: HeadVariant) throws -> [PipeTensor] {
    guard let layer = layers[.steps] else { return [] }
    try variant.logits(layer, headWeights).backward(gradient: try Numbers.tensor(upstream))
    func named(_ reference: String) -> String {
      "parameter:" + (names[reference] ?? reference)
    }
    let headNames = experiment.parameters.map(\.name).filter { !$0.hasPrefix("lstm.") }
    var expected = zip(headNames, headWeights).map { name, weight in
      PipeTensor(
        name: named(name), shape: weight.shape.dimensions, values: weight.grad?.array ?? [])
    }
    let forLayer = [("outputs", layer.outputs), ("H", layer.H), ("C", layer.C)].compactMap {
      name, tensor in
      tensor.grad.map {
        PipeTensor(name: "upstream:" + name, shape: tensor.shape.dimensions, values: $0.array)
      }
    }
    let gradients = try session.askStudent(
      .backward(), about: .init("LSTM", sizes: size.layer),
      Self.layerParameters(experiment, layerNames) + [experiment.input] + forLayer)
    for gradient in gradients {
      let own = gradient.name.dropFirst("parameter:".count)
      let reference = layerNames.first { $0.value == own }?.key ?? String(own)
      let name = gradient.name == "input" ? "input" : named("lstm." + reference)
      expected.append(PipeTensor(name: name, shape: gradient.shape, values: gradient.values))
    }
    return expected
  }
}
