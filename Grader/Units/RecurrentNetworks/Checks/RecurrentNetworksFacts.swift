import Judge
import Recordings

/// What is true of this unit. It does not name the checks: a verdict holds as long as what its check
/// names is as it was.
enum RecurrentNetworksFacts {
  static let all = UnitFacts(
    name: "RecurrentNetworks", subjects: subjects, mistakes: books.first,
    data: .init(kind: kind.name, disguise: kind.disguise) {
      try kind.prepared(from: .synthetic, $0).split
    })

  private static let kind = SpectrogramChunks()

  /// None in a student's copy, which has the mistakes' results among the recorded answers.
  private static let books: [any MistakeBook] = [
    // BEGIN INSTRUCTOR: computed from the right equations
    VariantBook.recurrentNetworks
    // END INSTRUCTOR
  ]

  private static let subjects: [Subject] = {
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
        name, inputs: [input], results: [Port("logits", [.sample, .label])],
        traits: [.independentSamples, .ordered(along: .step)], counts: ["hiddenSize": "unit"])
    }
    return [layer("RNN", states: ["H"]), layer("LSTM", states: ["H", "C"])]
      + ["ConvNet", "LSTMNet", "BuiltinLSTMNet"].map(network)
  }()
}
