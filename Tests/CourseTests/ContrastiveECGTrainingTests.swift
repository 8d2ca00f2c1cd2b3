import ContrastiveECGChecks
import Examples
import Foundation
import Judge
import Metrics
import Sandbox
import Search
import TensorCore
import TestSupport
import Training
import WorkerPipe
import Workers
import XCTest

@testable import Experiments

/// Trainings of the given step, by its own loss and the switches of section 6.8: what a command says of them.
final class ContrastiveECGTrainingTests: XCTestCase {
  private let scratch = Result { try Scratch() }
  private static let (leads, samples, width) = (12, 64, 8)
  /// The labels of a record: six kinds, each a caption.
  private static let kinds: [[Int]] = [[0], [1], [2], [0, 1], [0, 2], [1, 2]]

  /// Of each label a lead with a rise in the middle; noise of seed 5.
  private func examples() -> ExampleSet {
    var generator = RandomGenerator(seed: 5)
    let (count, size) = (60, Self.leads * Self.samples)
    var ecg = Tensor.randn([count * size], using: &generator).array.map { 0.3 * $0 }
    var flags = [Int32](repeating: 0, count: 3 * count)
    for record in 0..<count {
      for label in Self.kinds[record % 6] {
        flags[3 * record + label] = 1
        for sample in 20..<40 { ecg[record * size + label * Self.samples + sample] += 2 }
      }
    }
    let texts = Self.kinds.flatMap(Self.text)
    let captions = (0..<count).map { $0 % 6 }
    return ExampleSet(
      [
        .init(
          Table(ecg, rowShape: [Self.leads, Self.samples]), name: "ecg",
          firstRows: Array(0..<count), extent: .row),
        .init(
          Table(texts, rowShape: [Self.width]), name: "text", firstRows: captions, extent: .row),
        .init(
          Table((0..<6).map { Float($0) }, rowShape: []), name: "caption", firstRows: captions,
          extent: .row),
      ], targets: .labelSets(flags, count: 3))
  }

  /// The mean of one unit vector for each label, divided by its length.
  private static func text(_ labels: [Int]) -> [Float] {
    let part = 1 / Float(labels.count).squareRoot()
    return (0..<width).map { labels.contains($0) ? part : 0 }
  }

  /// The first asks for the opposite of a text, so that it is the worse answered the more is learned.
  private let queries =
    [
      RankingQuery(
        group: "against", name: "not 0", input: "text", vector: text([0]).map { -$0 }, labels: [0])
    ]
    + [[0], [1], [2], [0, 1]].map { labels in
      RankingQuery(
        group: labels.count == 1 ? "single" : "both", name: "\(labels)", input: "text",
        vector: text(labels), labels: labels)
    }

  private func launcher() throws -> WorkerLauncher {
    WorkerLauncher(
      program: Program.products.appendingPathComponent("\(ContrastiveECGUnit.name)Reference").path,
      sandbox: try Sandbox.select(SandboxTier.none), limits: Limits(), files: [])
  }

  private func settings(_ chosen: [String: Int] = [:]) -> Settings {
    Settings(
      sizes: [
        "leadCount": Self.leads, "sampleCount": Self.samples, "textSize": Self.width, "shifts": 1,
      ].merging(chosen) { $1 })
  }

  private func run(
    _ chosen: [String: Int] = [:], epochs: Int, queries: [RankingQuery]? = nil,
    on examples: ExampleSet? = nil
  ) throws -> (result: TrainingResult, checkpoint: String) {
    let checkpoint = try scratch.get().path + "/run.safetensors"
    let client = try WorkerClient(launcher())
    defer { client.terminate() }
    let result = try TrainingRun(
      network: "TrainingStep", configuration: settings(chosen),
      recipe: Recipe(epochs: epochs, batchSize: 6, learningRate: 0.001, seed: 1, threads: 1),
      training: examples ?? self.examples(), validation: examples ?? self.examples(),
      queries: queries ?? self.queries,
      classes: ["a", "b", "c"], metric: .areaUnderROC, dataDescription: "noise",
      checkpoint: checkpoint
    ).run(in: client) { _, _ in }
    return (result, checkpoint)
  }

  /// Each epoch has its rankings; those at the end are what the parameters on disk give, which are the last epoch's though an
  /// earlier one may have ranked better.
  func testWhatIsKeptRanksAsTheResultSays() throws {
    let (result, checkpoint) = try run(epochs: 6)
    XCTAssertEqual(result.history.count, 6)
    let rankings = try XCTUnwrap(result.rankings)
    XCTAssertEqual(result.history.last?.rankings, rankings.groups)
    XCTAssertEqual(rankings.groups.map(\.name), ["against", "single", "both"])
    let against = result.history.compactMap { $0.rankings?[0].areaUnderROC }
    XCTAssertGreaterThan(
      try XCTUnwrap(against.max()), try XCTUnwrap(against.last), "an earlier epoch ranks better")
    for group in rankings.groups.dropFirst() {
      XCTAssertGreaterThan(try XCTUnwrap(group.areaUnderROC), 0.95, group.name)
    }
    XCTAssertEqual(result.history.last?.decisive, rankings.groups[0].areaUnderROC)
    XCTAssertEqual(rankings.queries.map(\.answers), [30, 30, 30, 30, 10])
    XCTAssertTrue(result.validationLoss.isNaN)
    let training = TrialTraining(
      network: "TrainingStep", program: try launcher(),
      sets: SplitExamples(training: examples(), validation: examples(), queries: queries),
      classes: [], metric: .areaUnderROC, dataDescription: "noise")
    let said = try training.predictions(settings(), checkpoint: checkpoint, of: examples())
    let again = try TrainingRun.rankings(
      TrainingRun.embeddings(said), of: examples(), queries, hasIntervals: true)
    XCTAssertEqual(again.groups, rankings.groups)
    XCTAssertEqual(again.queries.map(\.low), rankings.queries.map(\.low))
  }

  /// Every loss and every switch trains, and says what it should of texts that are no wider than they were.
  func testEverySwitchTrains() throws {
    let usual = try run(epochs: 2).result
    var parameters: [String: Int] = [:]
    for (name, value) in [
      ("loss", 1), ("loss", 2), ("loss", 3), ("shifts", 0), ("repeatsCaptions", 1),
      ("learnsScale", 0), ("textProjection", 4), ("encoder", 1), ("encoder", 2),
    ] {
      let (result, checkpoint) = try run([name: value], epochs: 2)
      let what = "\(name) \(value)"
      parameters[what] = result.parameters
      // of 64 samples one step is left, so that it is its own mean
      if what == "encoder 1" {
        XCTAssertEqual(result.trainLoss, usual.trainLoss, what)
      } else {
        XCTAssertNotEqual(result.trainLoss, usual.trainLoss, what)
      }
      XCTAssertTrue(result.trainLoss.isFinite, what)
      XCTAssertNotNil(result.rankings?.groups[0].areaUnderROC, what)
      let kept = try SafeTensors.decode(
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: checkpoint))))
      let scale = try XCTUnwrap(kept.first { $0.name == "model.logScale" }).tensor.item
      // 2.6593 = ln(1 / 0.07) at the start; only the contrastive loss has it
      let stays = name == "learnsScale" || name == "loss"
      XCTAssertEqual(scale == Float(2.659_260_036_932_778), stays, "\(what): \(scale)")
    }
    // pooled by 16 they are four steps
    XCTAssertEqual(parameters["encoder 1"], usual.parameters)
    let kernels = 12 * 32 * (7 - 3) + 32 * 64 * (5 - 3)
    XCTAssertEqual(parameters["encoder 2"], usual.parameters + 3 * 256 * 8 - kernels)
    // one of the features and one of the texts to 4 numbers, in place of one to 8
    XCTAssertEqual(parameters["textProjection 4"], usual.parameters - 256 * 4 - 4 + 8 * 4 + 4)
  }

  /// Names that are drawn one at a time: where each record has one, and no two show the same, the loss is that of the
  /// names together; where all show the same nothing counts against them; where a record has several it is another loss.
  func testOneNameAtATime() throws {
    let all = examples()
    func apart(_ set: ExampleSet, _ number: (_ record: Int, _ label: Int) -> Int) -> ExampleSet {
      let kinds = set.inputs[2].firstRows.map { Self.kinds[$0] }
      let firstRows = kinds.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }.dropLast()
      let numbers = kinds.indices.flatMap { record in kinds[record].map { number(record, $0) } }
      let tables = [
        ("names", Table(kinds.joined().flatMap { Self.text([$0]) }, rowShape: [Self.width])),
        ("nameNumbers", Table(numbers.map { Float($0) }, rowShape: [])),
      ]
      return ExampleSet(
        set.inputs
          + tables.map {
            .init(
              $1, name: $0, firstRows: Array(firstRows), extent: .stretches(kinds.map(\.count)))
          }, targets: set.targets)
    }
    func loss(_ set: ExampleSet, _ places: [Int]) throws -> Double {
      try run(
        ["shifts": 0, "repeatsCaptions": 1], epochs: 1,
        queries: queries.map { $0.selecting(places) }, on: set
      ).result.trainLoss
    }
    let single = (0..<all.count).filter { $0 % 6 < 3 }
    let few = all.selecting(single)
    XCTAssertEqual(few.count, 30)
    XCTAssertEqual(
      try loss(apart(few) { record, _ in record }, single), try loss(few, single))
    XCTAssertEqual(try loss(apart(few) { _, _ in 7 }, single), 0, accuracy: 1e-6)
    let places = Array(0..<all.count)
    XCTAssertNotEqual(
      try loss(apart(all) { _, label in label }, places), try loss(all, places))
  }

  func testWhatCannotBeRankedIsSaid() throws {
    XCTAssertThrowsError(try run(epochs: 1, queries: [])) {
      XCTAssertTrue("\($0)".contains("nothing to rank these examples by"), "\($0)")
    }
    let narrow = RankingQuery(
      group: "a", name: "b", input: "text", vector: [1, 0], labels: [0])
    XCTAssertThrowsError(try run(epochs: 1, queries: [narrow])) {
      XCTAssertTrue("\($0)".contains("embeddings of 480 numbers in all, expected [60, 2]"), "\($0)")
    }
    XCTAssertThrowsError(try run(["loss": 9], epochs: 1)) {
      XCTAssertTrue("\($0)".contains("there is no loss 9"), "\($0)")
    }
  }
}
