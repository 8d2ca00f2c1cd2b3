import Experiments
import Files
import Foundation
import TestSupport
import Training
import WorkerPipe
import XCTest

@testable import Search

/// Searches by the tool, in a folder of their own.
final class SearchCommandTests: XCTestCase {
  private let root = FileManager.default.temporaryDirectory
    .appendingPathComponent("search-\(UUID().uuidString)")

  override func setUpWithError() throws {
    let manager = FileManager.default
    try manager.createDirectory(
      at: root.appendingPathComponent(".build"), withIntermediateDirectories: true)
    for name in ["Assignments", "Solutions"] {
      try manager.createSymbolicLink(
        at: root.appendingPathComponent(name),
        withDestinationURL: StudyCourse.folder.appendingPathComponent(name))
    }
    // what one test compiles serves the next
    let cache = URL(fileURLWithPath: try Scratch.ofProcess().path + "/workers")
    try manager.createDirectory(at: cache, withIntermediateDirectories: true)
    try manager.createSymbolicLink(
      at: root.appendingPathComponent(".build/workers"), withDestinationURL: cache)
  }
  override func tearDown() { try? FileManager.default.removeItem(at: root) }

  private func search(_ words: String...) throws -> Program.Outcome {
    try Program.rhythm.run(
      ["search", "--solutions"] + words, in: root.path, environment: ["RHYTHMLAB_ROOT": root.path])
  }

  /// Without the seconds.
  private func trials(_ folder: String) throws -> [TrialRecord] {
    try Study.records(root.path + "/" + folder).map {
      TrialRecord(
        trial: $0.trial, values: $0.values, point: $0.point, seed: $0.seed,
        validation: $0.validation, test: $0.test, epochs: $0.epochs, seconds: 0)
    }
  }

  private func openings(_ folder: String) -> [Study.Opening] {
    [Study.Opening](jsonFile: root.path + "/\(folder)/holdout.json") ?? []
  }

  private func start(_ words: String...) throws -> (process: Process, error: URL) {
    let (output, error) = (
      root.appendingPathComponent("output"), root.appendingPathComponent("error")
    )
    return (
      try Program.rhythm.start(
        ["search", "--solutions"] + words, in: root.path,
        environment: ["RHYTHMLAB_ROOT": root.path], output: output, error: error), error
    )
  }

  private func wait(for count: Int, in folder: String) {
    let deadline = Date().addingTimeInterval(60)
    while (try? trials(folder).count) ?? 0 < count, Date() < deadline { usleep(5000) }
  }

  /// More trials than the ten that are drawn, so that points follow from figures.
  func testTheNumberOfJobsDoesNotMatter() throws {
    let one = try search("--trials", "16", "--jobs", "1", "--out", "one")
    XCTAssertEqual(one.status, 0, one.error)
    let two = try search("--trials", "16", "--jobs", "2", "--out", "two")
    XCTAssertEqual(two.status, 0, two.error)
    XCTAssertEqual(try trials("one").map(\.trial), Array(1...16))
    XCTAssertEqual(try trials("one"), try trials("two"))
    let best = try XCTUnwrap(try trials("one").best)
    XCTAssertEqual(openings("one").map(\.trial), [best.trial])
    XCTAssertEqual(
      openings("one").first?.figures?.confusionMatrix,
      openings("two").first?.figures?.confusionMatrix)
    // the parameters of the best alone are kept
    func kept(_ folder: String) throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: root.path + "/\(folder)/trials")
    }
    XCTAssertEqual(try kept("one"), ["\(best.trial).safetensors"])
    XCTAssertEqual(
      FileManager.default.contents(atPath: root.path + "/one/trials/\(best.trial).safetensors"),
      FileManager.default.contents(atPath: root.path + "/two/trials/\(best.trial).safetensors"))
    // by chance, or with another seed, other points
    XCTAssertEqual(try search("--trials", "3", "--seed", "2", "--out", "other").status, 0)
    XCTAssertNotEqual(try trials("other")[0].point, try trials("one")[0].point)
    XCTAssertEqual(try search("--trials", "12", "--how", "random", "--out", "chance").status, 0)
    XCTAssertEqual(try trials("chance")[9].point, try trials("one")[9].point, "drawn alike so far")
    XCTAssertNotEqual(try trials("chance")[11].point, try trials("one")[11].point)
  }

  func testAKilledStudyGoesOn() throws {
    XCTAssertEqual(try search("--trials", "14", "--out", "whole").status, 0)
    for signal in [SIGKILL, SIGINT] {
      let folder = "stopped\(signal)"
      // more than there is time for, so that only who hears Ctrl-C ends before
      let wanted = signal == SIGINT ? 400 : 14
      let (process, error) = try start("--trials", "\(wanted)", "--out", folder)
      wait(for: 4, in: folder)
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      // every line is whole
      let count = try trials(folder).count
      XCTAssertGreaterThanOrEqual(count, 4)
      if signal == SIGINT {
        XCTAssertLessThan(count, 14)
        XCTAssertEqual(process.terminationStatus, 130)
        XCTAssertTrue(
          try String(contentsOf: error, encoding: .utf8).contains("the same command goes on"))
      }
      let rest = try search("--trials", "14", "--out", folder)
      XCTAssertEqual(rest.status, 0, rest.error)
      XCTAssertEqual(try trials(folder), try trials("whole"))
      XCTAssertEqual(openings(folder).map(\.trial), openings("whole").map(\.trial))
    }
  }

  private func text(_ file: String) -> String {
    let data = FileManager.default.contents(atPath: file) ?? Data()
    return String(decoding: data, as: UTF8.self)
  }

  /// The workers that a program has started and that have not ended.
  private func workers(of parent: Int32) -> [Int32] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.compactMap { name -> Int32? in
      // pid (name) state parent …
      guard let process = Int32(name) else { return nil }
      let fields = text("/proc/\(name)/stat").split(separator: ")").last?.split(separator: " ")
      guard let fields, fields.count > 1, Int32(fields[1]) == parent else { return nil }
      return text("/proc/\(name)/cmdline").contains("/worker") ? process : nil
    }
  }

  /// There is no study yet, so nothing is left of it; the worker ends with the program.
  func testCtrlCInThePreparation() throws {
    XCTAssertEqual(try search("--trials", "1", "--out", "s").status, 0, "compiles the worker")
    let (process, _) = try start("--trials", "1", "--set", "perClass=20000", "--out", "t")
    let deadline = Date().addingTimeInterval(60)
    var worker: Int32?
    while worker == nil, Date() < deadline {
      worker = workers(of: process.processIdentifier).first
    }
    let preparing = try XCTUnwrap(worker)
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    XCTAssertEqual(process.terminationReason, .uncaughtSignal)
    XCTAssertEqual(process.terminationStatus, SIGINT)
    XCTAssertFalse(FileManager.default.fileExists(atPath: root.path + "/t/study.json"))
    while kill(preparing, 0) == 0, Date() < deadline { usleep(5000) }
    XCTAssertNotEqual(kill(preparing, 0), 0, "the worker goes on by itself")
    XCTAssertEqual(try search("--trials", "1", "--out", "t").status, 0)
  }

  /// It is opened once, so what came of it is written whatever is pressed.
  func testCtrlCWhileTheHoldOutSetIsOpen() throws {
    let (process, _) = try start("--trials", "2", "--out", "s")
    let deadline = Date().addingTimeInterval(60)
    while openings("s").isEmpty, process.isRunning, Date() < deadline { usleep(200) }
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    XCTAssertEqual(openings("s").count, 1)
    XCTAssertNotNil(openings("s").first?.figures)
    let again = try search("--trials", "2", "--out", "s")
    XCTAssertEqual(again.status, 0, again.error)
    XCTAssertEqual(openings("s").count, 1)
    XCTAssertTrue(again.output.contains("the hold-out set was opened on"), again.output)
  }

  func testTheHoldOutSetIsOpenedOnce() throws {
    let later = try search("--trials", "2", "--out", "s", "--holdout-later")
    XCTAssertTrue(later.output.contains("the hold-out set has not been opened"), later.output)
    XCTAssertTrue(openings("s").isEmpty)
    let first = try search("--trials", "2", "--out", "s")
    XCTAssertEqual(first.status, 0, first.error)
    XCTAssertEqual(openings("s").count, 1)
    let date = try XCTUnwrap(openings("s").first?.date)
    XCTAssertTrue(date.contains(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/), date)
    // a longer study has another best trial, for which it stays closed
    let longer = try search("--trials", "9", "--out", "s")
    XCTAssertEqual(longer.status, 0, longer.error)
    XCTAssertEqual(try trials("s").count, 9)
    XCTAssertEqual(openings("s").count, 1)
    if try trials("s").best?.trial != openings("s").first?.trial {
      XCTAssertTrue(
        longer.output.contains("--open-holdout-again opens it once more"), longer.output)
    }
    let again = try search("--trials", "9", "--out", "s", "--open-holdout-again")
    XCTAssertEqual(again.status, 0, again.error)
    XCTAssertEqual(openings("s").map(\.trial).last, try trials("s").best?.trial)
    XCTAssertEqual(openings("s").count, 2)
    let report = try String(contentsOfFile: root.path + "/s/report.md", encoding: .utf8)
    XCTAssertTrue(report.contains("the hold-out set was opened on \(date) for trial"), report)
    XCTAssertTrue(report.contains("the hold-out set was opened again, so that its figures"), report)
  }

  /// What `--set` decides is the same in all trials, and no parameter of the study.
  func testWhatIsSetIsNotSearchedFor() throws {
    let outcome = try search(
      "--trials", "2", "--set", "hiddenLayers=2", "--set", "momentum=0.25", "--set",
      "perClass=20", "--out", "s", "--holdout-later")
    XCTAssertEqual(outcome.status, 0, outcome.error)
    XCTAssertTrue(
      outcome.output.contains("not searched for: momentum 0.25, hiddenLayers 2"), outcome.output)
    XCTAssertEqual(
      try trials("s").map { Array($0.values.keys) }, [["learningRate"], ["learningRate"]])
    let identity = try XCTUnwrap(Study.Identity(jsonFile: root.path + "/s/study.json"))
    XCTAssertEqual(identity.configuration["hiddenLayers"], .integer(2))
    XCTAssertEqual(identity.recipe.optimiser.momentum, 0.25)
    let report = try String(contentsOfFile: root.path + "/s/report.md", encoding: .utf8)
    XCTAssertTrue(
      report.contains("Chosen: hiddenLayers 2, momentum 0.25, perClass 20. Seed 1"), report)
    let nothing = try search(
      "--set", "hiddenLayers=2", "--set", "momentum=0.25", "--set", "learningRate=0.1")
    XCTAssertEqual(nothing.status, 1)
    XCTAssertTrue(
      nothing.error.contains(
        "--set decides all of learningRate, momentum, hiddenLayers, and nothing is left to search for"
      ),
      nothing.error)
  }

  func testTheStudentProposes() throws {
    let outcome = try search("--trials", "5", "--how", "student", "--out", "s")
    XCTAssertEqual(outcome.status, 0, outcome.error)
    // the first is the middle of all; the second knows nothing of it, and the third the first
    let points = try trials("s").map(\.point)
    XCTAssertEqual(points[0][0], 0.0505, accuracy: 0.0124)
    XCTAssertEqual(points[0][1], 0.45, accuracy: 0.1125)
    XCTAssertTrue(points.allSatisfy { $0[2] == 0 || $0[2] == 1 })
    XCTAssertEqual(
      try search("--trials", "5", "--how", "student", "--jobs", "1", "--out", "t").status, 0)
    XCTAssertEqual(try trials("s"), try trials("t"))
  }

  func testWhatCannotBeIsASentence() throws {
    XCTAssertEqual(try search("--trials", "1", "--out", "s").status, 0)
    func problem(_ words: String...) throws -> String {
      let outcome = try Program.rhythm.run(
        ["search", "--solutions", "--out", "s"] + words, in: root.path,
        environment: ["RHYTHMLAB_ROOT": root.path])
      XCTAssertNotEqual(outcome.status, 0)
      return outcome.error
    }
    // the seed draws the examples too
    let other = try problem("--seed", "2")
    XCTAssertTrue(
      other.contains(
        "s has another study: the recordings or their examples, the recipe, its epochs or its seed "
          + "changed since it began. Go on as it was, or begin another with --out"), other)
    XCTAssertTrue(
      try problem("--how", "random", "--set", "perClass=31").contains(
        "the recordings or their examples, --how changed"))
    XCTAssertTrue(try problem("--set", "figures=test").contains("leave out --set figures"))
    XCTAssertTrue(try problem("OtherNet").contains("there is no search for OtherNet"))
    XCTAssertTrue(try problem("--trials", "0").contains("must be positive"))
    try AtomicFile.write("{\n", to: root.path + "/s/trials.jsonl")
    XCTAssertTrue(try problem().contains("s/trials.jsonl:1 is no trial; take the line out"))
  }

  /// A parent run with a nested one for each trial, once each, however often the study was begun.
  func testAStudyIsKeptForMLflow() throws {
    XCTAssertEqual(try search("--trials", "2", "--out", "s").status, 0)
    for count in ["3", "4"] {
      let outcome = try search("--trials", count, "--out", "s", "--mlflow", "store")
      XCTAssertEqual(outcome.status, 0, outcome.error)
      XCTAssertFalse(outcome.error.contains("not kept for MLflow"), outcome.error)
    }
    let store = root.path + "/store"
    let experiment = try XCTUnwrap(
      try FileManager.default.contentsOfDirectory(atPath: store).first)
    func text(_ run: String, _ path: String) -> String? {
      try? String(contentsOfFile: "\(store)/\(experiment)/\(run)/\(path)", encoding: .utf8)
    }
    let runs = try FileManager.default.contentsOfDirectory(atPath: "\(store)/\(experiment)")
      .filter { $0.count == 32 }
    let parents = runs.filter { text($0, "tags/mlflow.parentRunId") == nil }
    XCTAssertEqual(parents.count, 1)
    let nested = runs.filter { text($0, "tags/mlflow.parentRunId") == parents.first }
    XCTAssertEqual(
      nested.compactMap { text($0, "tags/mlflow.runName") }.sorted(),
      ["trial 1", "trial 2", "trial 3", "trial 4"])
    let records = try trials("s")
    for run in nested {
      let record = try XCTUnwrap(
        records.first { "trial \($0.trial)" == text(run, "tags/mlflow.runName") })
      XCTAssertEqual(text(run, "params/learningRate"), record.values["learningRate"])
      let lines = try XCTUnwrap(text(run, "metrics/validation_auroc")).split(separator: "\n")
      XCTAssertEqual(
        lines.map { Double($0.split(separator: " ")[1]) ?? .nan }, record.validation)
      XCTAssertTrue(text(run, "meta.yaml")?.contains("status: 3") ?? false)
    }
    let files = try FileManager.default.contentsOfDirectory(
      atPath: "\(store)/\(experiment)/\(parents[0])/artifacts")
    XCTAssertTrue(files.contains("best.safetensors") && files.contains("report.md"), "\(files)")
    // a server that is not there stops it before any work
    let nowhere = try search("--trials", "9", "--out", "t", "--mlflow", "http://127.0.0.1:9")
    XCTAssertEqual(nowhere.status, 1)
    XCTAssertTrue(nowhere.error.contains("Is the server running?"), nowhere.error)
  }

  /// `--set` chooses of the data, the recipe, the network and the preparation, and what follows knows the choice.
  func testATrainingIsChosen() throws {
    func rhythm(_ words: String...) throws -> Program.Outcome {
      try Program.rhythm.run(
        words, in: root.path, environment: ["RHYTHMLAB_ROOT": root.path])
    }
    let trained = try rhythm(
      "train", "StudiedNet", "--solutions", "--epochs", "2", "--set", "split=patients", "--set",
      "momentum=0.75", "--set", "hiddenLayers=2", "--set", "perClass=12", "--set", "stopsBy=loss")
    XCTAssertEqual(trained.status, 0, trained.error)
    XCTAssertTrue(trained.output.contains("best val loss "), trained.output)
    let run = try XCTUnwrap(KeptRun(jsonFile: root.path + "/.rhythmlab/Study/runs/1/run.json"))
    XCTAssertEqual(run.recipe.optimiser.momentum, 0.75)
    XCTAssertEqual(run.recipe.optimiser.kind, .sgd)
    XCTAssertEqual(
      run.settings, ["split": "patients", "hiddenLayers": "2", "perClass": "12"])
    let kept = try rhythm("plot", "worst", "StudiedNet", "--solutions")
    XCTAssertEqual(kept.status, 1, "a network of another size")
    let drawn = try rhythm(
      "plot", "worst", "StudiedNet", "--solutions", "--set", "hiddenLayers=2", "--out", "w.svg")
    XCTAssertEqual(drawn.status, 0, drawn.error)
    let unknown = try rhythm("train", "StudiedNet", "--solutions", "--set", "optimizer=sgd")
    XCTAssertTrue(
      unknown.error.contains(
        "there is no optimizer to choose for StudiedNet; there are learningRate"),
      unknown.error)
    XCTAssertTrue(unknown.error.contains("and of the steps from recordings to examples split"))
    // a row of an experiment passes through its own steps
    let rows = try rhythm("experiments", "--solutions", "--set", "perClass=5")
    XCTAssertEqual(rows.status, 0, rows.error)
    func accuracy(_ row: String) throws -> Double {
      let path = root.path + "/.rhythmlab/Study/experiments/preparations-\(row)-1.json"
      return try XCTUnwrap(ExperimentRecord(jsonFile: path)).result.history[0].trainAccuracy * 25
    }
    // of 25 drawn beats the accuracy is so many 25ths, of all others it is not
    XCTAssertEqual(try accuracy("drawn"), try accuracy("drawn").rounded(), accuracy: 1e-9)
    XCTAssertNotEqual(try accuracy("all"), try accuracy("all").rounded(), accuracy: 1e-9)
  }

  func testTwoProgramsDoNotWriteOneStudy() throws {
    let (process, _) = try start("--trials", "400", "--out", "s")
    defer {
      process.terminate()
      process.waitUntilExit()
    }
    wait(for: 1, in: "s")
    let other = try search("--trials", "400", "--out", "s")
    guard process.isRunning else { return XCTFail("the first was too quick") }
    XCTAssertEqual(other.status, 1)
    XCTAssertTrue(other.error.contains("another program searches in s; wait"), other.error)
  }
}
