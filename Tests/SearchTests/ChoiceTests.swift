import Assignment
import Metrics
import TestSupport
import Training
import XCTest

/// What `train --set` and a search choose, and what an assignment file may say of it.
final class ChoiceTests: XCTestCase {
  func testAChoiceTakesThePlaceOfTheUnits() throws {
    let manifest = try StudyCourse.manifest()
    let chosen = try manifest.choosing(
      [
        "learningRate": "0.5", "momentum": "0.9", "hiddenLayers": "3", "dropout": "0.25",
        "perClass": "7", "patience": "4", "stopsBy": "loss",
      ], for: "studiednet")
    XCTAssertEqual(chosen.recipe?.learningRate, 0.5)
    XCTAssertEqual(chosen.recipe?.optimiser?.kind, "sgd")
    XCTAssertEqual(chosen.recipe?.optimiser?.momentum, 0.9)
    XCTAssertEqual(chosen.recipe?.optimiser?.weightDecay, 0.0001, "what is not chosen stays")
    XCTAssertEqual(chosen.sizes(of: "StudiedNet", with: ["width": 1])["hiddenLayers"], 3)
    XCTAssertEqual(chosen.numbers(of: "StudiedNet"), ["dropout": 0.25])
    XCTAssertEqual(try chosen.preparation("drawn-differences")[0].settings, ["perClass": 7])
    XCTAssertEqual(chosen.recipe?.patience, 4)
    XCTAssertEqual(chosen.recipe?.stopsBy, .loss)
    // another optimiser has not the first one's numbers, whatever the order
    let adam = try manifest.choosing(
      ["optimiser": "adamw", "weightDecay": "0.1"], for: "StudiedNet")
    XCTAssertNil(adam.recipe?.optimiser?.momentum)
    XCTAssertEqual(adam.recipe?.optimiser?.weightDecay, 0.1)
    // nor another preparation the first one's settings
    XCTAssertEqual(
      errorText {
        try manifest.choosing(["preparation": "differences", "perClass": "7"], for: "StudiedNet")
      },
      "there is no perClass to choose for StudiedNet; there are learningRate, batchSize, schedule, "
        + "average, clipNorm, classWeights, optimiser, momentum, nesterov, weightDecay, patience, "
        + "stopsBy, preparation, hiddenLayers, inputCount, width, dropout")
    XCTAssertNil(
      try manifest.choosing(["preparation": "none"], for: "StudiedNet").recipe?.preparation)
  }

  func testABadChoiceIsASentence() throws {
    let manifest = try StudyCourse.manifest()
    func problem(_ name: String, _ value: String) -> String {
      errorText { try manifest.choosing([name: value], for: "StudiedNet") }
    }
    XCTAssertEqual(problem("learningRate", "0"), "learningRate is 0; give a number above 0")
    XCTAssertEqual(problem("momentum", "1"), "momentum is 1; give a number from 0 to below 1")
    XCTAssertEqual(problem("patience", "soon"), "patience is soon; give a whole number from 1")
    XCTAssertEqual(
      problem("hiddenLayers", "1.5"), "hiddenLayers is 1.5; give a whole number from 0")
    XCTAssertEqual(problem("nesterov", "yes"), "nesterov is yes; give true or false")
    XCTAssertTrue(problem("stopsBy", "luck").hasPrefix("stopsBy is luck; give one of accuracy, "))
    XCTAssertEqual(
      problem("preparation", "magic"),
      "there is no preparation magic under preparations; there is differences, drawn-differences")
  }

  func testWhatDoesNotFitTogetherIsFound() throws {
    func problem(_ text: String, _ other: String, line: UInt = #line) -> String {
      errorText { try StudyCourse.manifest(replacing: text, with: other, line: line) }
    }
    XCTAssertEqual(
      problem("logUniform: [0.001, 0.1]", "logUniform: [0, 0.1]"),
      "study.yml: the search for StudiedNet: learningRate is log-uniform from 0.0, and 0 has no "
        + "logarithm: begin above it, or make it uniform")
    XCTAssertEqual(
      problem("uniform: [0, 0.9]", "uniform: [0.9, 0]"),
      "study.yml: the search for StudiedNet: momentum needs two numbers, the lower one first")
    XCTAssertTrue(
      problem("name: hiddenLayers", "name: layers").hasPrefix(
        "study.yml: the search for StudiedNet: layers is nothing that can be chosen; there are "))
    XCTAssertEqual(
      problem("choice: [1, 2]", "choice: [1, 1]"),
      "study.yml: the search for StudiedNet: hiddenLayers needs different values to choose from")
    XCTAssertEqual(
      problem("uniform: [0, 0.9]", "uniform: [0, 0.9], choice: [1]"),
      "study.yml: the search for StudiedNet: momentum needs one of uniform, logUniform and choice")
    XCTAssertEqual(
      problem("momentum: 0.5", "momentum: 1.5"),
      "study.yml: the recipe has an optimiser with a momentum of 1.5; it is from 0 to below 1")
    XCTAssertEqual(
      problem("preparation: drawn-differences", "preparation: drawn"),
      "study.yml: the recipe's preparation is drawn, which is not under preparations")
    XCTAssertEqual(
      problem("gives: {beats: beat, labels: targets}", "gives: {labels: targets}"),
      "study.yml: the step drawn of the preparation drawn-differences gives no input: say for each "
        + "result what it becomes")
    // a misspelt word is no word
    XCTAssertTrue(
      problem("patience: 2\n  stopsBy", "patienc: 2\n  stopsBy").contains(
        "patienc is not a word of an assignment file"))
  }

  func testGoals() throws {
    let goal =
      "goals:\n  StudiedNet: {steps: 9, attempts: 1, batchSize: 8, learningRate: 0.1, "
      + "minimum: 0.5, minimumSynthetic: 0.5"
    func problem(_ more: String) -> String {
      errorText {
        try StudyCourse.manifest(replacing: "limits:", with: goal + more + "}\n\nlimits:")
      }
    }
    XCTAssertEqual(
      try StudyCourse.manifest(
        replacing: "limits:",
        with: goal + ", metric: auroc, patience: 3, stopsBy: loss, optimiser: {kind: sgd}}\nlimits:"
      ).goals?["StudiedNet"]?.patience, 3)
    XCTAssertTrue(problem(", metric: loss").contains("is a loss, which no share tells of"))
    XCTAssertTrue(problem(", stopsBy: loss").contains("and not when: give it a patience"))
    XCTAssertTrue(problem(", patience: 0").contains("needs a patience above zero"))
  }

  func testOptimisersThatCannotBe() {
    func problem(_ name: String, momentum: Float? = nil, nesterov: Bool? = nil) -> String {
      errorText { try OptimiserChoice.named(name, momentum: momentum, nesterov: nesterov) }
    }
    XCTAssertTrue(problem("sdg").contains("there is no sdg"), problem("sdg"))
    XCTAssertTrue(problem("sdg").contains("adam, adamw, sgd, rmsprop"))
    XCTAssertTrue(problem("adam", momentum: 0.9).contains("adam takes no momentum"))
    XCTAssertTrue(problem("sgd", nesterov: true).contains("nesterov looks along a momentum"))
    XCTAssertEqual(
      try OptimiserChoice.named("sgd", momentum: 0.9, weightDecay: 0.5),
      OptimiserChoice(.sgd, momentum: 0.9, weightDecay: 0.5))
  }

  /// What no training could begin with is said when the file is read or the choice is made.
  func testAnOptimiserIsOneBeforeItTrains() throws {
    XCTAssertEqual(
      AssignmentManifest.Optimiser.kinds, OptimiserChoice.Kind.allCases.map(\.rawValue))
    let kept = "optimiser: {kind: sgd, momentum: 0.5, weightDecay: 0.0001}"
    for (words, says) in [
      ("{kind: sdg}", "the recipe has an optimiser sdg, which is none: give one of adam"),
      ("{kind: adam, momentum: 0.9}", "the recipe has an optimiser adam with a momentum"),
      ("{kind: sgd, momentum: 1}", "with a momentum of 1.0; it is from 0 to below 1"),
      ("{kind: sgd, nesterov: true}", "an optimiser sgd with nesterov"),
      ("{kind: sgd, weightDecay: -1}", "with a weight decay of -1.0; it is 0 or more"),
    ] {
      let text = errorText {
        try StudyCourse.manifest(replacing: kept, with: "optimiser: \(words)")
      }
      XCTAssertTrue(text.contains(says), "\(words): \(text)")
    }
    let searched = errorText {
      try StudyCourse.manifest(
        replacing: "{name: hiddenLayers, choice: [1, 2]}",
        with: "{name: optimiser, choice: [adam, sdg]}")
    }
    XCTAssertTrue(searched.contains("optimiser may be sdg, which is none"), searched)
    let manifest = try StudyCourse.manifest()
    let chosen = errorText { try manifest.choosing(["optimiser": "sdg"], for: "StudiedNet") }
    XCTAssertTrue(chosen.contains("what is chosen makes an optimiser sdg, which is none"), chosen)
    XCTAssertNoThrow(
      try manifest.choosing(["optimiser": "adam", "weightDecay": "0.1"], for: "StudiedNet"))
  }
}
