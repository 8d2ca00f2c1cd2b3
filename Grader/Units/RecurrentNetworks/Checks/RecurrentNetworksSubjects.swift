import Judge

/// What is known of this unit's layers and networks.
enum RecurrentNetworksSubjects {
  /// The layers and networks that students write.
  static let all: [Subject] = {
    let input = Port("input", [.sample, .step, .feature])
    func layer(_ name: String, states: [String]) -> Subject {
      Subject(
        name, inputs: [input],
        results: [Port("outputs", [.sample, .step, .unit])]
          + states.map { Port($0, [.sample, .unit]) },
        traits: [
          .independentSamples, .causal(along: .step),
          .recurrent(
            along: .step,
            State(
              parameters: "W_h", letter: "H",
              startsElsewhere:
                "the weights of H matter in the first step already: H is not zeros before it, or the "
                + "new H is used where the old one belongs")),
        ], counts: ["hiddenSize": "unit"])
    }
    func network(_ name: String) -> Subject {
      Subject(
        name, inputs: [input], results: [Port("logits", [.sample, .unnamed])],
        traits: [.independentSamples, .ordered(along: .step)], counts: ["hiddenSize": "unit"])
    }
    return [layer("RNN", states: ["H"]), layer("LSTM", states: ["H", "C"])]
      + ["ConvNet", "LSTMNet", "BuiltinLSTMNet"].map(network)
  }()
}
