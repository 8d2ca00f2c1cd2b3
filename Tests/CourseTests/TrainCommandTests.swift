import Assignment
import Foundation
import Recordings
import TestSupport
import XCTest

/// Trainings of the Solutions by the tool, in a folder of their own: nothing is lost or confused.
final class TrainCommandTests: XCTestCase {
  private let root = FileManager.default.temporaryDirectory
    .appendingPathComponent("training-\(UUID().uuidString)")
  private var recordings: String { root.path + "/made.zip" }
  /// Whichever unit trains on the usual kind of data.
  private var unit = ""
  private var networks: [String] = []
  private var checkpoint: String {
    "\(root.path)/.rhythmlab/\(unit)/checkpoints/\(networks[0]).safetensors"
  }

  override func setUpWithError() throws {
    let manager = FileManager.default
    let assignments = Repository.folder.appendingPathComponent("Assignments").path
    for name in try manager.contentsOfDirectory(atPath: assignments).sorted() {
      guard let manifest = try? AssignmentManifest.read("\(assignments)/\(name)/assignment.yml"),
        let networks = manifest.networks, !networks.isEmpty,
        manifest.data?.kind == DataKinds.all[0].name
      else { continue }
      unit = name
      self.networks = networks.map(\.name)
      break
    }
    XCTAssertFalse(unit.isEmpty, "no unit has networks to train")
    try manager.createDirectory(
      at: root.appendingPathComponent(".build"), withIntermediateDirectories: true)
    for name in ["Assignments", "Solutions"] {
      try manager.createSymbolicLink(
        at: root.appendingPathComponent(name),
        withDestinationURL: Repository.folder.appendingPathComponent(name))
    }
    // what one test compiles serves the next
    let cache = URL(fileURLWithPath: try Scratch.ofProcess().path + "/workers")
    try manager.createDirectory(at: cache, withIntermediateDirectories: true)
    try manager.createSymbolicLink(
      at: root.appendingPathComponent(".build/workers"), withDestinationURL: cache)
    XCTAssertEqual(
      try rhythm("data", "synthetic", "--recordings", "60", "--out", recordings).status, 0)
  }
  override func tearDown() { try? FileManager.default.removeItem(at: root) }

  private func rhythm(_ words: String...) throws -> Program.Outcome {
    try Program.rhythm.run(words, in: root.path, environment: ["RHYTHMLAB_ROOT": root.path])
  }

  private func train(_ words: String...) throws -> Program.Outcome {
    try Program.rhythm.run(
      ["train", networks[0], "--solutions", "--data", recordings, "--threads", "1"] + words,
      in: root.path, environment: ["RHYTHMLAB_ROOT": root.path])
  }

  /// The share is what each turn's was, not a quotient of figures that were measured at different times.
  func testBenchMeasuresStepsAndProductsByTurns() throws {
    struct Bench: Decodable {
      struct Network: Decodable {
        let examplesPerSecond: Double
        let productsExamplesPerSecond, shareOfProducts: Double?
        let sharesOfProducts: [Double]?
      }
      let threads: Int
      let networks: [String: Network]
    }
    let only = networks.prefix(2).joined(separator: ",")
    let outcome = try rhythm(
      "bench", "--unit", unit, "--only", only, "--seconds", "0.2", "--threads", "1",
      "--batch-size", "32", "--json", "bench.json")
    XCTAssertEqual(outcome.status, 0, outcome.error)
    let file = URL(fileURLWithPath: root.path + "/bench.json")
    let bench = try JSONDecoder().decode(Bench.self, from: Data(contentsOf: file))
    XCTAssertEqual(bench.threads, 1)
    XCTAssertEqual(bench.networks.keys.sorted(), networks.prefix(2).sorted())
    for (name, network) in bench.networks {
      XCTAssertGreaterThan(network.examplesPerSecond, 0, name)
      XCTAssertGreaterThan(try XCTUnwrap(network.productsExamplesPerSecond, name), 0, name)
      let shares = try XCTUnwrap(network.sharesOfProducts, name)
      XCTAssertEqual(shares.count, 2, name)
      let share = try XCTUnwrap(network.shareOfProducts, name)
      XCTAssertGreaterThan(share, 0, name)
      XCTAssertTrue(shares[0] <= share && share <= shares[1], "\(name): \(share) of \(shares)")
      let percent = [share, shares[0], shares[1]].map { String(format: "%.0f", $0 * 100) }
      XCTAssertTrue(
        share < 0.05
          || outcome.output.contains(
            "\(percent[0]) % (\(percent[1]) to \(percent[2])) of its matrix products' speed"),
        outcome.output)
    }
  }

  func testATrainedNetworkIsDrawn() throws {
    func plot(_ name: String, _ words: String...) throws -> Program.Outcome {
      try Program.rhythm.run(
        ["plot", name, networks[0], "--solutions", "--data", recordings] + words, in: root.path,
        environment: ["RHYTHMLAB_ROOT": root.path])
    }
    for name in ["worst", "filters", "variables"] {
      let untrained = try plot(name)
      XCTAssertEqual(untrained.status, 1)
      XCTAssertTrue(
        untrained.error.contains("\(networks[0]).safetensors: ./rhythm train \(networks[0]) makes"),
        untrained.error)
    }
    XCTAssertEqual(try train("--epochs", "1").status, 0)
    let worst = try plot("worst", "--count", "3", "--out", "worst.svg")
    XCTAssertEqual(worst.status, 0, worst.error)
    let variables = try plot("variables", "--out", "variables.svg")
    // of a network that takes no steps there is nothing to draw, which is a sentence
    XCTAssertTrue(
      variables.status == 0 || variables.error.contains("gets a value at each step"),
      variables.error)
    if worst.error.isEmpty {
      let svg = try String(contentsOfFile: root.path + "/worst.svg", encoding: .utf8)
      XCTAssertEqual(svg.components(separatedBy: ", predicted ").count, 4)
    }
    // nothing of another network
    try Data("no tensors".utf8).write(to: URL(fileURLWithPath: checkpoint))
    let broken = try plot("worst")
    XCTAssertEqual(broken.status, 1)
    XCTAssertTrue(broken.error.contains("is no checkpoint"), broken.error)
  }

  func testALongerTrainingIsNotOverwritten() throws {
    func contents() -> Data? { FileManager.default.contents(atPath: checkpoint) }
    let first = try train("--epochs", "3")
    XCTAssertEqual(first.status, 0, first.error)
    let kept = try XCTUnwrap(contents())
    let shorter = try train("--epochs", "2", "--seed", "2")
    XCTAssertEqual(shorter.status, 1)
    XCTAssertTrue(
      shorter.error.contains("of a training of 3 epochs, and this one has 2"), shorter.error)
    XCTAssertEqual(contents(), kept)
    // elsewhere, or on purpose
    XCTAssertEqual(try train("--epochs", "2", "--checkpoint", "other.safetensors").status, 0)
    XCTAssertEqual(contents(), kept)
    let forced = try train("--epochs", "2", "--seed", "2", "--force")
    XCTAssertEqual(forced.status, 0, forced.error)
    XCTAssertNotEqual(contents(), kept)
    // and is still there
    XCTAssertEqual(
      FileManager.default.contents(
        atPath: "\(root.path)/.rhythmlab/\(unit)/runs/1/parameters.safetensors"), kept)
    let runs = try rhythm("runs")
    XCTAssertEqual(runs.status, 0, runs.error)
    XCTAssertEqual(runs.output.split(separator: "\n").count, 5, runs.output)
    XCTAssertTrue(runs.output.contains("seed 2"), runs.output)
    XCTAssertTrue(first.output.contains("; ./rhythm plot training 1 draws it"), first.output)
    let drawn = try rhythm("plot", "training", "1")
    XCTAssertEqual(drawn.status, 0, drawn.error)
    // without gnuplot that is all it says
    XCTAssertTrue((drawn.output + drawn.error).contains(/drew .*training|gnuplot/), drawn.output)
    let other = try rhythm("plot", "training", "9")
    XCTAssertEqual(other.status, 2, other.output)
    XCTAssertTrue(other.error.contains("no run 9; choose from 1, 2, 3."), other.error)
    XCTAssertTrue(try rhythm("runs", networks[1]).output.contains("no training of \(networks[1])"))
  }

  /// What the sentence says is there is there.
  func testStoppingInTheFirstEpochSaysThatNothingIsKept() throws {
    let slow = try XCTUnwrap(networks.last)
    for isSecond in [false, true] {
      if isSecond { XCTAssertEqual(try train("--epochs", "1").status, 0) }
      let (output, error) = (
        root.appendingPathComponent("output"), root.appendingPathComponent("error")
      )
      // long enough an epoch to be stopped in
      let process = try Program.rhythm.start(
        [
          "train", slow, "--solutions", "--data", recordings, "--threads", "1", "--batch-size",
          "1", "--checkpoint", checkpoint,
          "--epochs", "9",
        ], in: root.path, environment: ["RHYTHMLAB_ROOT": root.path], output: output, error: error)
      func text(_ file: URL) -> String { (try? String(contentsOf: file, encoding: .utf8)) ?? "" }
      let deadline = Date().addingTimeInterval(60)
      while !text(output).contains("\(slow) on"), Date() < deadline { usleep(10_000) }
      process.interrupt()
      process.waitUntilExit()
      XCTAssertEqual(process.terminationStatus, 130, text(error))
      XCTAssertTrue(
        text(error).contains("stopped in the first epoch: nothing of this training is kept"),
        text(error))
      XCTAssertEqual(text(error).contains("is that of an earlier training"), isSecond, text(error))
    }
    XCTAssertFalse(try rhythm("runs").output.contains(slow))
  }
}
