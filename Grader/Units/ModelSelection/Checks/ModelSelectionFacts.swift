import Examples
import Judge
import Recordings

/// What is true of this unit. It does not name the checks: a verdict holds as long as what its check names is as it was.
enum ModelSelectionFacts {
  static let all = UnitFacts(
    name: "ModelSelection", subjects: subjects, mistakes: books.first,
    data: .init(kind: kind.name, disguise: kind.disguise) { settings in
      try kind.prepared(from: .synthetic, settings).split
    })

  private static let kind = Heartbeats()

  /// None in a student's copy, which has the mistakes' results among the recorded answers.
  private static let books: [any MistakeBook] = [
    // BEGIN INSTRUCTOR: computed from the right equations
    VariantBook.modelSelection
    // END INSTRUCTOR
  ]

  private static let place = Axis("place")
  private static let beat = Axis("beat")
  private static let oneClass = Axis("class")
  private static let epoch = Axis("epoch")
  private static let value = Axis("value")
  private static let trial = Axis("trial")

  private static let data: [Subject] = [
    Subject(
      "waveletFeatures", inputs: [Port("beats", [.sample, place])],
      results: [Port("features", [.sample, .feature])], traits: [.independentSamples]),
    Subject(
      "graft", inputs: [Port("a", [place]), Port("b", [place])], results: [Port("beat", [place])]),
    Subject("shifted", inputs: [Port("x", [place])], results: [Port("beat", [place])]),
    Subject(
      "balancedByGrafting", inputs: [Port("beats", [beat, place]), Port("labels", [beat])],
      results: [Port("beats", [beat, place]), Port("labels", [beat])], traits: [.draws]),
  ]

  private static let network = Subject(
    "StackedLinearModel", inputs: [Port("input", [.sample, .feature])],
    results: [Port("logits", [.sample, oneClass])], traits: [.independentSamples, .dependsOnMode])

  private static let selection: [Subject] = [
    Subject(
      "earlyStopping", inputs: [Port("scores", [epoch])],
      results: [Port("isBest", [epoch]), Port("stops", [epoch])]),
    Subject(
      "fit", inputs: [Port("parameters", [epoch, .unnamed]), Port("scores", [epoch])],
      results: [
        Port("parameters", [.unnamed]), Port("buffer", [.unnamed]), Port("epochs", [.unnamed]),
      ]),
  ]

  /// Figures are shares of counts, in double precision.
  private static let figureTolerance: Float = 1e-6

  private static let figures: [Subject] = {
    let inputs = [Port("logits", [beat, oneClass]), Port("labels", [beat])]
    return [
      Subject(
        "macroAUROC", inputs: inputs,
        results: [
          Port("isDefined", [.unnamed]), Port("score", [], tolerance: figureTolerance),
        ]),
      Subject(
        "evaluation", inputs: inputs,
        results: [
          Port(
            "matrix", [Axis("true class"), Axis("predicted class")], tolerance: figureTolerance),
          Port("recalls", [oneClass], tolerance: figureTolerance),
          Port("meanRecall", [], tolerance: figureTolerance),
          Port("accuracy", [], tolerance: figureTolerance),
        ]),
    ]
  }()

  private static let search: [Subject] = {
    let (values, bounds) = (Port("values", [value]), Port("bounds", [.unnamed]))
    return [
      Subject("randomPoint", inputs: [], results: [Port("point", [.unnamed])], traits: [.draws]),
      Subject(
        "parzenWidths", inputs: [values, bounds],
        results: [
          Port("centres", [value], tolerance: 1e-5), Port("widths", [value], tolerance: 1e-5),
        ]),
      Subject(
        "parzenDensity", inputs: [values, bounds, Port("places", [place])],
        results: [Port("logDensity", [place])]),
      Subject(
        "parzenDraws", inputs: [values, bounds], results: [Port("draws", [.unnamed])],
        traits: [.draws]),
      Subject(
        "choiceProbabilities", inputs: [Port("seen", [trial])],
        results: [Port("probabilities", [Axis("choice")], tolerance: 1e-5)]),
      Subject(
        "goodTrials", inputs: [Port("scores", [trial])], results: [Port("isGood", [trial])]),
      Subject(
        "bestCandidate",
        inputs: [
          Port("candidates", [Axis("candidate")]), Port("good", [value]), Port("bad", [value]),
          bounds,
        ], results: [Port("index", [.unnamed])]),
      Subject(
        "proposal", inputs: [Port("points", [trial, .unnamed]), Port("scores", [trial])],
        results: [Port("point", [.unnamed])], traits: [.draws]),
    ]
  }()

  private static let subjects = data + [network] + selection + figures + search
}

/// The base of this unit's checks.
class ModelSelectionCase: CheckCase {
  override class var facts: UnitFacts? { ModelSelectionFacts.all }
}
