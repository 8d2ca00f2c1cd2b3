import Foundation
import TestSupport
import XCTest

@testable import Tracking

/// MLflow's file store, as `mlflow/store/tracking/file_store.py` of MLflow 3.17 reads it.
final class TrackingFolderTests: XCTestCase {
  private let root = FileManager.default.temporaryDirectory
    .appendingPathComponent("mlflow-\(UUID().uuidString)").path
  override func tearDown() { try? FileManager.default.removeItem(atPath: root) }

  private func text(_ path: String) -> String? {
    try? String(contentsOfFile: root + "/" + path, encoding: .utf8)
  }

  private func begin(_ name: String = "a run", parent: String? = nil) throws -> (
    store: TrackingFolder, experiment: String, run: String
  ) {
    let store = TrackingFolder(root)
    let experiment = try store.experiment(named: "Unit")
    let run = try store.begin(
      RunStart(
        name: name, parent: parent, date: Date(timeIntervalSince1970: 1000.25),
        source: "rhythm train"), in: experiment)
    return (store, experiment, run)
  }

  func testAnExperimentIsFoundAgain() throws {
    let store = TrackingFolder(root)
    let names = ["Unit", "it's: a \"name\"", "7", "yes", "Ünit"]
    let numbers = try names.map(store.experiment)
    XCTAssertEqual(Set(numbers).count, names.count)
    XCTAssertEqual(try names.map(store.experiment), numbers)
    // one that MLflow wrote
    try FileManager.default.createDirectory(
      atPath: root + "/12", withIntermediateDirectories: true)
    try """
    artifact_location: file:///somewhere
    creation_time: 1795841134380
    effective_trace_archival_retention: null
    experiment_id: '12'
    last_update_time: 1795841134380
    lifecycle_stage: active
    name: demo
    trace_location: null
    workspace: default

    """.write(toFile: root + "/12/meta.yaml", atomically: true, encoding: .utf8)
    XCTAssertEqual(try store.experiment(named: "demo"), "12")
  }

  func testARunIsFiles() throws {
    let (store, experiment, run) = try begin(parent: "0123")
    let own = "\(experiment)/\(run)"
    XCTAssertTrue(run.contains(/^[0-9a-f]{32}$/), run)
    XCTAssertEqual(text("\(own)/tags/mlflow.parentRunId"), "0123")
    XCTAssertEqual(text("\(own)/tags/mlflow.runName"), "a run")
    XCTAssertEqual(text("\(own)/tags/mlflow.source.name"), "rhythm train")
    let meta = try XCTUnwrap(text("\(own)/meta.yaml"))
    XCTAssertTrue(meta.contains("status: 1\n") && meta.contains("start_time: 1000250\n"), meta)
    XCTAssertTrue(meta.contains("artifact_uri: file://\(root)/\(own)/artifacts\n"), meta)

    let date = Date(timeIntervalSince1970: 2)
    try store.add(
      RunContent(
        parameters: ["learningRate": "0.01"],
        metrics: [
          .init("loss", 0.5, step: 1, date: date), .init("loss", .nan, step: 2, date: date),
          .init("val/auroc", -.infinity, step: 3, date: date),
        ]), to: run, in: experiment)
    try store.add(
      RunContent(metrics: [.init("loss", 0.25, step: 3, date: date)]), to: run, in: experiment)
    XCTAssertEqual(text("\(own)/params/learningRate"), "0.01")
    XCTAssertEqual(text("\(own)/metrics/loss"), "2000 0.5 1\n2000 nan 2\n2000 0.25 3\n")
    XCTAssertEqual(text("\(own)/metrics/val/auroc"), "2000 -inf 3\n")

    let file = root + "/made"
    try "a picture".write(toFile: file, atomically: true, encoding: .utf8)
    try store.add(file: file, named: "confusion.png", to: run, in: experiment)
    XCTAssertEqual(text("\(own)/artifacts/confusion.png"), "a picture")

    try store.end(run, in: experiment, as: .finished, at: Date(timeIntervalSince1970: 1001))
    let ended = try XCTUnwrap(text("\(own)/meta.yaml"))
    XCTAssertTrue(ended.contains("status: 3\n") && ended.contains("end_time: 1001000\n"), ended)
    XCTAssertTrue(ended.contains("start_time: 1000250\n"), ended)
  }

  /// A name is a path: none leads out of the run.
  func testNamesStayInTheRun() throws {
    let (store, experiment, run) = try begin()
    for name in ["../x", "a/../../x", "/x", "a//b", "", "näme", "a\nb"] {
      XCTAssertTrue(
        errorText {
          try store.add(RunContent(parameters: [name: "1"]), to: run, in: experiment)
        }.contains("MLflow takes names of letters"), name)
    }
    XCTAssertTrue(
      errorText { try store.add(file: "/nowhere", named: "a", to: run, in: experiment) }.contains(
        "/nowhere cannot be read"))
    XCTAssertTrue(
      errorText { try store.end("none", in: experiment, as: .killed, at: Date()) }.contains(
        "is not there any more"))
  }

  /// What is remembered of a study goes on with the same run, and no part is there twice.
  func testAGroupGoesOn() throws {
    func group() throws -> TrackedGroup {
      try TrackedGroup(
        TrackingFolder(root), rememberedIn: root + "/memory.json", experiment: "Unit",
        name: "search", source: "rhythm search", content: RunContent(parameters: ["how": "tpe"]))
    }
    var first = try group()
    try first.add("trial 1", RunContent(), seconds: 2)
    XCTAssertTrue(first.has("trial 1"))
    func parent() throws -> String {
      let experiment = try TrackingFolder(root).experiment(named: "Unit")
      let runs = try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(experiment)")
      let own = runs.filter {
        $0.count == 32 && text("\(experiment)/\($0)/tags/mlflow.parentRunId") == nil
      }
      return try XCTUnwrap(own.first.flatMap { text("\(experiment)/\($0)/meta.yaml") })
    }
    try first.end(as: .killed)
    XCTAssertTrue(try parent().contains("status: 5\n"))
    var second = try group()
    // it runs again
    XCTAssertTrue(try parent().contains("status: 1\n"))
    XCTAssertFalse(try parent().contains(/end_time: \d/))
    XCTAssertTrue(second.has("trial 1"))
    XCTAssertFalse(second.has("trial 2"))
    try second.add("trial 2", RunContent(), seconds: 1)
    try second.end(as: .finished)
    XCTAssertTrue(try parent().contains("status: 3\n"))
    let experiment = try TrackingFolder(root).experiment(named: "Unit")
    let runs = try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(experiment)")
      .filter { $0.count == 32 }
    XCTAssertEqual(runs.count, 3)
    let parents = runs.compactMap { text("\(experiment)/\($0)/tags/mlflow.parentRunId") }
    XCTAssertEqual(parents.count, 2)
    XCTAssertEqual(Set(parents).count, 1)
    // in another store another run begins
    let other = try TrackedGroup(
      TrackingFolder(root + "/other"), rememberedIn: root + "/memory.json", experiment: "Unit",
      name: "search", source: "rhythm search", content: RunContent())
    XCTAssertFalse(other.has("trial 1"))
  }

  func testPlacesThatAreNone() {
    XCTAssertTrue(errorText { try trackingStore("ftp://x") }.contains("--mlflow is ftp://x; give"))
    XCTAssertTrue(errorText { try trackingStore("http://") }.contains("is no address of a server"))
    XCTAssertEqual(try trackingStore("file:///a/b").description, "/a/b")
  }
}
