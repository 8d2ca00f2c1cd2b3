import Judge
import Recordings

/// What is true of this unit. It does not name the checks: a verdict holds as long as what its check names is as it was.
enum ContrastiveFacts {
  static let all = UnitFacts(
    name: "ContrastiveECG", subjects: subjects, mistakes: books.first,
    data: .init(kind: kind.name, disguise: kind.disguise) {
      try kind.prepared(from: .synthetic, $0).split
    })

  private static let kind = TwelveLeads()

  /// None in a student's copy, which has the mistakes' results among the recorded answers.
  private static let books: [any MistakeBook] = [
    // BEGIN INSTRUCTOR: computed from the right equations
    VariantBook.contrastive
    // END INSTRUCTOR
  ]

  private static let row = Axis("row")
  private static let text = Axis("text")
  private static let lead = Axis("lead")
  private static let record = Axis("record")
  private static let channel = Axis("channel")
  private static let oneClass = Axis("class")

  private static let distances: [Subject] = [
    Subject(
      "squaredDistances", inputs: [Port("A", [.sample, .feature]), Port("B", [row, .feature])],
      results: [Port("distances", [.sample, row])], traits: [.independentSamples]),
    Subject(
      "tripletLoss",
      inputs: ["anchor", "positive", "negative"].map { Port($0, [.sample, .feature]) },
      results: [Port("loss", [])]),
    Subject(
      "hardestNegatives", inputs: [Port("D", [record, text]), Port("captions", [record])],
      results: [Port("columns", [record])]),
    Subject(
      "semiHardNegatives", inputs: [Port("D", [record, text]), Port("captions", [record])],
      results: [Port("columns", [record])]),
  ]

  private static let towers: [Subject] = {
    let input = Port("input", [.sample, lead, .step])
    let traits: Set<Trait> = [.independentSamples, .dependsOnMode]
    let buffers = (1...4).flatMap { block in
      ["runningMean", "runningVariance"].map { Port("state:norm\(block).\($0)", [channel]) }
    }
    return [
      Subject(
        "ECGEncoder", inputs: [input],
        results: [Port("features", [.sample, .feature])] + buffers, traits: traits),
      Subject(
        "featureCount", inputs: [], results: [Port("count", [.unnamed])], traits: [.draws]),
      Subject(
        "normalised", inputs: [Port("x", [.sample, .feature])],
        results: [Port("rows", [.sample, .feature])], traits: [.independentSamples]),
      // the scale is the loss's
      Subject(
        "ContrastiveModel", inputs: [input],
        results: [Port("embeddings", [.sample, .feature])], traits: traits, inert: ["logScale"]),
    ]
  }()

  private static let losses: [Subject] = [
    Subject(
      "contrastiveLoss",
      inputs: [Port("Z", [record, .feature]), Port("T", [text, .feature]), Port("k", [])],
      results: [Port("loss", [])])
  ]

  private static let queries: [Subject] = [
    Subject(
      "classVectors",
      inputs: [Port("prompts", [Axis("prompt"), .feature]), Port("counts", [oneClass])],
      results: [Port("vectors", [oneClass, .feature])]),
    Subject(
      "scores", inputs: [Port("Z", [.sample, .feature]), Port("C", [oneClass, .feature])],
      results: [Port("scores", [.sample, oneClass])], traits: [.independentSamples]),
    Subject(
      "predictions", inputs: [Port("scores", [.sample, oneClass])],
      results: [Port("classes", [.sample])], traits: [.independentSamples]),
  ]

  private static let rankings: [Subject] = ["areaUnderROC", "averagePrecision"].map {
    Subject(
      $0, inputs: [Port("scores", [record]), Port("labels", [record])],
      results: [Port("isDefined", [.unnamed]), Port("figure", []), Port("rest", [])])
  }

  private static let subjects = distances + towers + losses + queries + rankings
}

/// The base of this unit's checks.
class ContrastiveCase: CheckCase {
  override class var facts: UnitFacts? { ContrastiveFacts.all }
}
