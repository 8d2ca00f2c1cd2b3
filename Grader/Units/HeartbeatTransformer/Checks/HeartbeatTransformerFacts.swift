import Judge
import Recordings

/// What is true of this unit. It does not name the checks: a verdict holds as long as what its check
/// names is as it was.
enum HeartbeatTransformerFacts {
  static let all = UnitFacts(
    name: "HeartbeatTransformer", subjects: subjects, mistakes: books.first,
    data: .init(kind: kind.name, disguise: kind.disguise) {
      try kind.prepared(from: .synthetic, $0).split
    })

  private static let kind = Heartbeats()

  /// None in a student's copy, which has the mistakes' results among the recorded answers.
  private static let books: [any MistakeBook] = [
    // BEGIN INSTRUCTOR: computed from the right equations
    VariantBook.heartbeatTransformer
    // END INSTRUCTOR
  ]

  private static let token = Axis("token")
  private static let query = Axis("query")
  private static let key = Axis("key")
  private static let channel = Axis("channel")
  private static let head = Axis("head")

  /// What the tokens are embedded as, or where each stands, is not in attention: it treats them alike.
  private static let alike: Set<Trait> = [.independentSamples, .exchangeable(along: token)]
  /// The biases of the keys add the same number to all scores of a query, which a softmax does not see.
  private static let inert: Set<String> = ["b_k"]

  private static let subjects: [Subject] = {
    let input = Port("input", [.sample, token, channel])
    let outputs = Port("outputs", [.sample, token, channel])
    return [
      Subject(
        "attention",
        inputs: [
          Port("Q", [.sample, query, channel]), Port("K", [.sample, key, channel]),
          Port("V", [.sample, key, channel]),
        ],
        results: [
          Port("outputs", [.sample, query, channel]), Port("weights", [.sample, query, key]),
        ],
        traits: [
          .independentSamples, .exchangeable(along: key), .exchangeable(along: query),
        ]),
      Subject(
        "AttentionHead", inputs: [input],
        results: [outputs, Port("weights", [.sample, query, key])],
        traits: alike, inert: inert),
      Subject(
        "MultiHeadAttention", inputs: [input],
        results: [outputs, Port("weights", [.sample, head, query, key])],
        traits: alike, counts: ["headCount": "head"], inert: inert),
      Subject("MLP", inputs: [input], results: [outputs], traits: alike),
      Subject(
        "EncoderLayer", inputs: [input],
        results: [outputs, Port("weights", [.sample, head, query, key])],
        traits: alike, counts: ["headCount": "head"], inert: inert),
      Subject(
        "BeatEmbedding", inputs: [input], results: [Port("tokens", [.sample, token, channel])],
        traits: [.independentSamples]),
      Subject(
        "BeatClassifier", inputs: [input], results: [Port("logits", [.sample, .label])],
        traits: alike),
      Subject(
        "ECGformer", inputs: [input], results: [Port("logits", [.sample, .label])],
        traits: [.independentSamples, .ordered(along: token)],
        counts: ["headCount": "head", "layerCount": "layer"], inert: inert),
      Subject(
        "AttentionMaps", inputs: [input],
        results: [
          Port("logits", [.sample, .label]),
          Port("weights", [.sample, Axis("layer"), head, query, key]),
        ], traits: [.independentSamples], inert: inert),
    ]
  }()
}

/// The base of this unit's checks.
class HeartbeatTransformerCase: CheckCase {
  override class var facts: UnitFacts? { HeartbeatTransformerFacts.all }
}
