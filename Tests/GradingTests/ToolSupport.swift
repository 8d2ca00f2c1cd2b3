import Foundation
import Sandbox
import TestSupport
import XCTest

/// The tool itself, on the course of one small unit, in a scratch folder where its manifest can be changed.
struct SmallCourse {
  let root: String
  /// The course is there as long as somebody has it.
  private let scratch: Scratch
  private let environment: [String: String]

  /// The unit's assignment file.
  var manifest: String { root + "/Assignments/Toy/assignment.yml" }

  /// - Parameters:
  ///   - name: a folder in the scratch folder.
  ///   - ownCache: whether nothing is built for it yet. Otherwise all share the prepared modules.
  init(_ scratch: Scratch, _ name: String = "course", ownCache: Bool = false) throws {
    if let reason = Sandbox.probe() { throw XCTSkip("bubblewrap does not work here: \(reason)") }
    guard FileManager.default.fileExists(atPath: Program.products.path + "/libRhythmCore.a") else {
      throw FixtureError("the core is not built beside the tests")
    }
    self.scratch = scratch
    root = scratch.path + "/" + name
    let manager = FileManager.default
    let cache = ownCache ? root + "/.build/workers" : try Scratch.ofProcess().path + "/workers"
    for folder in [root + "/tmp", root + "/Assignments", root + "/Grader", root + "/.build", cache]
    {
      try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    if !ownCache {
      try manager.createSymbolicLink(
        atPath: root + "/.build/workers", withDestinationPath: cache)
    }
    for (link, target) in [
      ("Sources", Repository.root + "/Sources"),
      ("Solutions", ToyCourse.folder.path + "/Solutions"),
      ("Grader/Units", ToyCourse.folder.path + "/Grader/Units"),
    ]
      + ["Assignment", "Judge", "Workers"].map({
        ("Grader/\($0)", "\(Repository.root)/Grader/\($0)")
      })
    {
      try manager.createSymbolicLink(atPath: "\(root)/\(link)", withDestinationPath: target)
    }
    try manager.copyItem(atPath: ToyCourse.assignment.path, toPath: root + "/Assignments/Toy")
    environment = [
      "RHYTHMLAB_ROOT": root, "RHYTHMLAB_JUDGE": ToyCourse.judge.path, "TMPDIR": root + "/tmp",
    ]
  }

  /// Changes the manifest.
  ///
  /// - Throws: when one of the texts is not there.
  func change(_ changes: KeyValuePairs<String, String>) throws {
    var text = try String(contentsOfFile: manifest, encoding: .utf8)
    for (old, new) in changes {
      guard text.contains(old) else { throw FixtureError("there is no \(old) in \(manifest)") }
      text = text.replacingOccurrences(of: old, with: new)
    }
    try text.write(toFile: manifest, atomically: true, encoding: .utf8)
  }

  /// What a student hands in: the task's file as the Solutions have it, with a line before the first of its
  /// function.
  func solution(_ line: String = "") throws -> String {
    let text = try String(
      contentsOfFile: root + "/Solutions/Toy/WeightedMeans.swift", encoding: .utf8)
    let mark = "  let means = try X.mean(axis: 1)"
    guard text.contains(mark) else { throw FixtureError("the solution has no line \(mark)") }
    return text.replacingOccurrences(of: mark, with: line + mark)
  }

  /// The same with a mistake that costs the values alone.
  func mistaken() throws -> String {
    try solution().replacingOccurrences(of: "means * weights", with: "means * weights.squared()")
  }

  /// Starts the tool; its output goes to a file.
  func start(_ arguments: [String], log: String = "log.txt") throws -> Process {
    let log = URL(fileURLWithPath: root + "/" + log)
    return try Program.rhythm.start(
      arguments, in: root, environment: environment, output: log, error: log)
  }

  /// Runs the tool to its end.
  func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = try start(arguments)
    process.waitUntilExit()
    return (process.terminationStatus, try output())
  }

  /// What the tool last printed.
  func output() throws -> String {
    try String(contentsOfFile: root + "/log.txt", encoding: .utf8)
  }
}
