import Assignment
import Files
import Foundation
import Metrics
import TestSupport
import Training
import XCTest

@testable import Experiments

/// Trainings are remembered, and figures stand beside what they can be compared with.
final class KeptRunTests: XCTestCase {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("runs-\(UUID().uuidString)").path
  override func tearDown() { try? FileManager.default.removeItem(atPath: folder) }

  private func epoch(_ number: Int, _ accuracy: Double) -> TrainingResult.Epoch {
    .init(
      epoch: number, trainLoss: 0.5, trainAccuracy: 0.5, validationLoss: 0.5,
      validationAccuracy: accuracy)
  }

  private func run(
    _ network: String, data: String = "synthetic recordings", seed: UInt64 = 1,
    accuracies: [Double]
  ) throws -> KeptRun {
    try KeptRun(
      in: folder, network: network, data: data, settings: [:],
      recipe: Recipe(epochs: 3, averageDecay: 0.999, seed: seed), metric: .accuracy,
      isOfSolutions: false,
      history: accuracies.enumerated().map { epoch($0.offset + 1, $0.element) })
  }

  func testRunsAreNumberedAndKeepTheirParameters() throws {
    let parameters = folder + "-parameters"
    defer { try? FileManager.default.removeItem(atPath: parameters) }
    var first = try run("ANet", accuracies: [0.5, 0.6, 0.7])
    let second = try run("BNet", accuracies: [0.5])
    let empty = try run("ANet", accuracies: [])
    XCTAssertEqual([first.number, second.number, empty.number], [1, 2, 3])
    try AtomicFile.write("weights", to: parameters)
    first.ending = .finished
    try first.write(in: folder, checkpoint: parameters)
    try second.write(in: folder)
    try empty.write(in: folder)
    XCTAssertEqual(
      try String(contentsOfFile: folder + "/1/parameters.safetensors", encoding: .utf8), "weights")
    let runs = KeptRun.all(in: folder)
    XCTAssertEqual(runs.map(\.number), [1, 2])
    XCTAssertEqual(runs.map(\.ending), [.finished, nil])
    // nothing is left of a run without an epoch
    XCTAssertEqual(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted(), ["1", "2"])
  }

  func testWhatWasChosenIsNamed() throws {
    func choices(_ recipe: Recipe) throws -> String {
      try KeptRun(
        in: folder, network: "ANet", data: "synthetic recordings", settings: ["seconds": "20"],
        recipe: recipe, metric: .accuracy, isOfSolutions: false, history: []
      ).choices
    }
    XCTAssertEqual(
      try choices(Recipe(epochs: 3, averageDecay: 0.999, seed: 1)), "seconds=20")
    XCTAssertEqual(
      try choices(
        Recipe(
          epochs: 3, batchSize: 32, schedule: .oneCycle(rising: 0.2), averageDecay: nil,
          classWeights: [1, 2], seed: 1)),
      "onecycle:0.2, class weights, batches of 32, average 0.0, seconds=20")
  }

  func testOnlyWhatCanBeComparedIs() throws {
    let runs = [
      try run("ANet", accuracies: [0.5, 0.6, 0.7]), try run("ANet", seed: 2, accuracies: [0.8]),
      try run("ANet", data: "real recordings", accuracies: [0.9]), try run("BNet", accuracies: [1]),
    ]
    let lines = KeptRun.table(runs).text.split(separator: "\n").map(String.init)
    XCTAssertEqual(lines.count, 5)
    XCTAssertEqual(lines.map { $0.contains(" *") }, [false, false, true, false, false])
    XCTAssertTrue(lines[2].contains("1 of 3"), lines[2])
    XCTAssertTrue(lines[2].hasSuffix("seed 2"), lines[2])
    XCTAssertTrue(lines[1].contains("  3, not ended  "), lines[1])
  }

  /// A line each in 80 columns, with what was chosen.
  func testUsualRunsFitATerminal() throws {
    var runs = [
      try run("WordyNet", accuracies: [0.5, 0.6, 0.7]),
      try run("WordyNet", seed: 2, accuracies: [0.5, 0.6, 0.8]),
    ]
    for index in runs.indices { runs[index].ending = .finished }
    let lines = KeptRun.table(runs).text(columns: 80).split(separator: "\n").map(String.init)
    XCTAssertEqual(lines.count, 3, lines.joined(separator: "\n"))
    XCTAssertTrue(lines[1].hasSuffix(" 3       0.700  0.700    synthetic"), lines[1])
    XCTAssertTrue(lines[2].hasSuffix(" 3       0.800  0.800 *  synthetic  seed 2"), lines[2])
  }

  func testPublishedFiguresStandBesideTheirEpochsOnly() throws {
    let limit = "{cpuSeconds: 1, wallSeconds: 1, memoryBytes: 1}"
    let path = folder + "/assignment.yml"
    try AtomicFile.createFolder(folder)
    try AtomicFile.write(
      """
      unit: One
      title: One
      files: [A.swift]
      networks: [{name: ANet, epochs: 2}, {name: BNet, epochs: 3}]
      experiments:
        - name: all
          title: All
          networks:
            - {network: ANet, printed: 0.111, pyTorch: 0.222}
            - {network: BNet, printed: 0.333, pyTorch: 0.444}
            - {network: BNet, title: "BNet, weighted", settings: {a: "1"}, sizes: {hidden: 4}, classWeights: true}
      recipe: {batchSize: 128, learningRate: 0.003, average: 0, schedule: "onecycle:0.2", classWeights: true}
      tasks: [{id: 1, name: A, title: a, file: A.swift, points: 0, checks: []}]
      limits: {build: \(limit), check: \(limit), training: \(limit)}
      """, to: path)
    let manifest = try AssignmentManifest.read(path)
    let experiment = try XCTUnwrap(manifest.experiments?.first)
    func table(_ published: ((AssignmentManifest.Experiment.Entry) -> Int)?) throws
      -> ExperimentTable
    {
      var table = ExperimentTable(experiment: experiment, data: "data", published: published)
      for entry in experiment.networks {
        // both of two epochs
        table.add(
          entry,
          try JSONDecoder.results.decode(
            TrainingResult.self,
            from: Data(
              """
              {"network": "\(entry.network)", "data": "data", "seed": 1, "threads": 1, "epochs": 2,
               "parameters": 1, "trainLoss": 1, "trainAccuracy": 1, "validationLoss": 1,
               "validationAccuracy": 1, "bestValidationAccuracy": 1, "examplesPerSecond": 1,
               "validation": {"classes": ["a", "b", "c"], "confusionMatrix": [], "unpredicted": [],
                 "precision": [], "recall": [], "f1": [0.5, 0.25, 0.75], "meanF1": 0.523, "meanRecall": 0.765},
               "history": [\((1...2).map { """
                {"epoch": \($0), "trainLoss": 1, "trainAccuracy": 1, "validationLoss": 1,
                 "validationAccuracy": 1}
                """ }.joined(separator: ","))]}
              """.utf8)))
      }
      return table
    }
    let compared = try table(manifest.epochs(of:))
    XCTAssertTrue(compared.terminalTable.text.contains("0.111"), compared.terminalTable.text)
    XCTAssertFalse(compared.terminalTable.text.contains("0.333"), compared.terminalTable.text)
    XCTAssertEqual(compared.listing.networks.map(\.printed), [0.111, nil, nil])
    // a row for each variant of a network; of several classes the mean recall
    XCTAssertEqual(compared.listing.networks.map(\.network), ["ANet", "BNet", "BNet"])
    XCTAssertEqual(compared.listing.networks.map(\.title), [nil, nil, "BNet, weighted"])
    let lines = compared.terminalTable.text.split(separator: "\n")
    XCTAssertEqual(lines.count, 4)
    XCTAssertTrue(lines[3].hasPrefix("BNet, weighted "), String(lines[3]))
    XCTAssertTrue(lines[0].contains("mean recall"), String(lines[0]))
    XCTAssertTrue(lines[3].contains("0.765"), String(lines[3]))
    XCTAssertEqual(
      manifest.sizes(of: experiment.networks[2], with: ["tokens": 3]), ["tokens": 3, "hidden": 4])
    XCTAssertTrue(lines[0].contains("F1 a b c"), String(lines[0]))
    XCTAssertTrue(lines[3].contains("0.523  0.50 0.25 0.75"), String(lines[3]))
    XCTAssertEqual(manifest.recipe?.batchSize, 128)
    XCTAssertEqual(manifest.recipe?.schedule, "onecycle:0.2")
    XCTAssertEqual(manifest.recipe?.classWeights, true)
    let other = try table(nil)
    XCTAssertFalse(other.terminalTable.text.contains("PyTorch"), other.terminalTable.text)
    XCTAssertEqual(other.listing.networks.map(\.pyTorch), [nil, nil, nil])
  }
}
