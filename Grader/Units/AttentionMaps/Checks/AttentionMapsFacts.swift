import Judge
import Recordings

/// What is true of this unit. It does not name the checks: a verdict holds as long as what its check names is as it was.
enum AttentionMapsFacts {
  static let all = UnitFacts(
    name: "AttentionMaps", subjects: subjects, mistakes: books.first,
    data: .init(kind: kind.name, disguise: kind.disguise) {
      try kind.prepared(from: .synthetic, $0).split
    })

  private static let kind = RhythmStrips()

  /// None in a student's copy, which has the mistakes' results among the recorded answers.
  private static let books: [any MistakeBook] = [
    // BEGIN INSTRUCTOR: computed from the right equations
    VariantBook.attentionMaps
    // END INSTRUCTOR
  ]

  private static let example = Axis("example")
  private static let layer = Axis("layer")
  private static let channel = Axis("channel")
  private static let oneClass = Axis("class")
  private static let place = Axis("place")

  private static let functions: [Subject] = [
    Subject(
      "classWeights", inputs: [Port("labels", [example])],
      results: [Port("weights", [oneClass])]),
    Subject(
      "challengeScore",
      inputs: [Port("labels", [example]), Port("predictions", [example])],
      results: [Port("score", [])]),
    Subject(
      "receptiveField",
      inputs: ["kernelSizes", "dilations", "strides"].map { Port($0, [layer]) },
      results: [Port("field", [.unnamed])]),
    Subject(
      "interpolated", inputs: [Port("M", [.sample, oneClass, .step])],
      results: [Port("map", [.sample, oneClass, place])], traits: [.independentSamples]),
  ]

  private static let layers: [Subject] = {
    let axes = [Axis.sample, channel, .step]
    let (input, outputs) = (Port("input", axes), Port("outputs", axes))
    let buffers = [Port("state:mean", [channel]), Port("state:variance", [channel])]
    return [
      Subject(
        "DilatedConvolution", inputs: [input], results: [outputs], traits: [.independentSamples],
        counts: ["kernelSize": "tap"]),
      Subject(
        "BatchNormalisation", inputs: [input], results: [outputs] + buffers,
        traits: [.independentSamples, .exchangeable(along: .step), .dependsOnMode]),
      Subject(
        "ResidualBlock", inputs: [input], results: [outputs],
        traits: [.independentSamples, .dependsOnMode]),
    ]
  }()

  private static let heads: [Subject] = {
    let f = Port("f", [.sample, channel, .step])
    let alike: Set<Trait> = [.independentSamples, .exchangeable(along: .step)]
    return [
      Subject(
        "ClassActivation", inputs: [f], results: [Port("logits", [.sample, oneClass])],
        traits: alike),
      Subject(
        "ClassActivationMaps", inputs: [f], results: [Port("maps", [.sample, oneClass, .step])],
        traits: alike),
      Subject(
        "ClassActivationMap", inputs: [f, Port("classes", [.sample])],
        results: [Port("map", [.sample, .step])], traits: alike),
    ]
  }()

  private static let networks: [Subject] = {
    let input = Port("input", [.sample, place, .unnamed])
    let traits: Set<Trait> = [.independentSamples, .ordered(along: place), .dependsOnMode]
    return [
      Subject(
        "DilatedNet", inputs: [input], results: [Port("logits", [.sample, oneClass])],
        traits: traits, counts: ["blocks": "block"]),
      Subject(
        "DilatedMaps", inputs: [input], results: [Port("maps", [.sample, oneClass, .step])],
        traits: [.independentSamples, .dependsOnMode], counts: ["blocks": "block"]),
    ]
  }()

  private static let subjects = functions + layers + heads + networks
}

/// The base of this unit's checks.
class AttentionMapsCase: CheckCase {
  override class var facts: UnitFacts? { AttentionMapsFacts.all }
}
