import Experiments
import Files
import Foundation
import TestSupport
import XCTest

@testable import rhythm

/// The command from outside: status, sentences and files.
final class PlotCommandTests: XCTestCase {
  private var folder = ""

  override func setUpWithError() throws {
    folder = NSTemporaryDirectory() + "plot-command-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  override func tearDownWithError() throws { try FileManager.default.removeItem(atPath: folder) }

  private func plot(_ arguments: String...) throws -> Program.Outcome { try plot(arguments) }

  private func plot(_ arguments: [String], searchPath: String? = nil) throws -> Program.Outcome {
    try Program.rhythm.run(
      ["plot"] + arguments, in: folder, environment: searchPath.map { ["PATH": $0] } ?? [:])
  }

  private func write(_ text: String, to name: String) throws {
    try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
  }

  private func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder)/\(name)")
  }

  private static let history = """
    [{"epoch": 1, "trainLoss": 0.6, "trainAccuracy": 0.7, "validationLoss": 0.5,
      "validationAccuracy": 0.8}]
    """

  private static let training = """
    {"network": "Net", "history": \(history),
     "validation": {"classes": ["N", "A"], "confusionMatrix": [[5, 1], [2, 4]]},
     "roc": {"falsePositiveRates": [0, 1], "truePositiveRates": [0, 1], "area": 0.5}}
    """

  func testAMissingGnuplotFailsNothing() throws {
    try write(Self.training, to: "net.json")
    let commands = [
      ["classes", "--out", "classes"], ["recordings", "--out", "x.png"], ["training", "net.json"],
    ]
    for arguments in commands {
      let outcome = try plot(arguments, searchPath: "")
      XCTAssertEqual(outcome.status, 0)
      XCTAssertEqual(
        outcome.error,
        "rhythm: No picture is drawn, for gnuplot is not installed; install it with "
          + "sudo apt-get install gnuplot-nox.\n")
      XCTAssertEqual(outcome.output, "")
    }
    XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder), ["net.json"])
  }

  func testADivergedTrainingIsWrittenReadAndDrawn() throws {
    let epoch = TrainingResult.Epoch(
      epoch: 1, trainLoss: .nan, trainAccuracy: 0.5, validationLoss: .infinity,
      validationAccuracy: 0.5)
    let path = "\(folder)/epoch.json"
    try epoch.write(jsonFile: path)
    let read = try XCTUnwrap(TrainingResult.Epoch(jsonFile: path))
    XCTAssertTrue(read.trainLoss.isNaN)
    XCTAssertEqual(read.validationLoss, .infinity)
    _ = try installedGnuplot()
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try write(#"{"network": "Net", "history": [\#(text)]}"#, to: "net.json")
    XCTAssertEqual(try plot("training", "net.json", "--out", "n.png").output, "drew n.png\n")
  }

  func testAWrongEndingIsAWrongUse() throws {
    let outcome = try plot("classes", "--out", "x.jpg")
    XCTAssertEqual(outcome.status, 2)
    XCTAssertTrue(
      outcome.error.contains("x.jpg ends neither in .png nor in .svg"), outcome.error)
  }

  func testSyntheticRecordings() throws {
    _ = try installedGnuplot()
    let outcome = try plot("recordings")
    XCTAssertEqual(outcome.error, "")
    XCTAssertEqual(
      outcome.output,
      "drew .rhythmlab/plots/recordings.png\ndrew .rhythmlab/plots/recordings.svg\n")
    XCTAssertEqual(try plot("spectrograms", "--out", "s.svg").output, "drew s.svg\n")
    XCTAssertEqual(try plot("classes", "--out", "c.png").output, "drew c.png\n")
    let svg = try String(contentsOfFile: "\(folder)/s.svg", encoding: .utf8)
    XCTAssertTrue(svg.contains("frequency / Hz"))
    XCTAssertTrue(svg.contains("atrial fibrillation (A)"))
  }

  func testATrainingWithAllItsFigures() throws {
    _ = try installedGnuplot()
    try write(Self.training, to: "net.json")
    let outcome = try plot("training", "net.json", "--out", "net.svg")
    XCTAssertEqual(outcome.error, "")
    XCTAssertEqual(
      outcome.output, "drew net.svg\ndrew net-confusion.svg\ndrew net-roc.svg\n")
    let roc = try String(contentsOfFile: "\(folder)/net-roc.svg", encoding: .utf8)
    XCTAssertTrue(roc.contains("Net, AUROC 0.500"))
  }

  func testATrainingOfAnExperimentAndOneThatIsNone() throws {
    _ = try installedGnuplot()
    try write(
      #"{"signature": {}, "result": {"network": "Net", "history": \#(Self.history)}}"#,
      to: "record.json")
    XCTAssertEqual(
      try plot("training", "record.json", "--out", "a.svg").output, "drew a.svg\n")
    try write("{}", to: "other.json")
    let other = try plot("training", "other.json")
    XCTAssertEqual(other.status, 1)
    XCTAssertEqual(
      other.error,
      "rhythm: There is nothing to draw: other.json is no training that train --json wrote.\n")
    let missing = try plot("training", "none.json")
    XCTAssertEqual(missing.status, 1)
    XCTAssertEqual(
      missing.error, "rhythm: There is nothing to draw: there is no file none.json.\n")
  }

  func testAnExperimentIsDrawnBesideItsTable() throws {
    let empty = try plot("experiment", ".")
    XCTAssertEqual(empty.status, 1)
    XCTAssertEqual(
      empty.error,
      "rhythm: There is nothing to draw: . has no results; ./rhythm experiments makes them.\n")
    _ = try installedGnuplot()
    let training = """
      {"network": "Net", "data": "d", "seed": 1, "threads": 1, "epochs": 1, "parameters": 1,
       "trainLoss": 0.6, "trainAccuracy": 0.7, "validationLoss": 0.5, "validationAccuracy": 0.8,
       "bestValidationAccuracy": 0.8, "examplesPerSecond": 1, "history": \(Self.history)}
      """
    for name in ["chunks", "random-chunks"] {
      try write(
        """
        {"experiment": "\(name)", "data": "d", "networks": [{"network": "Net", "epochs": 1,
         "validationAccuracy": 0.8, "bestValidationAccuracy": 0.8, "trainings": [\(training)]}]}
        """, to: "\(name).json")
    }
    XCTAssertEqual(try plot("experiment", ".").error, "")
    for name in ["chunks.png", "chunks.svg", "random-chunks.png", "random-chunks.svg"] {
      XCTAssertTrue(exists(name), name)
    }
    XCTAssertEqual(
      try plot("experiment", ".", "--out", "both.svg").output,
      "drew both-chunks.svg\ndrew both-random-chunks.svg\n")
  }
}
