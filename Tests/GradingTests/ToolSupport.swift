import Foundation
import Sandbox
import TestSupport
import XCTest

/// The tool itself, on a course of one small task that lies in a scratch folder.
struct SmallCourse {
  let root: String
  private let environment: [String: String]

  /// - Parameter name: a folder in the scratch folder; each course has its own cache of builds.
  init(_ scratch: Scratch, _ name: String = "course") throws {
    if let reason = Sandbox.probe() { throw XCTSkip("bubblewrap does not work here: \(reason)") }
    guard FileManager.default.fileExists(atPath: Program.products.path + "/libRhythmCore.a") else {
      throw FixtureError("the core is not built beside the tests")
    }
    root = scratch.path + "/" + name
    let real = Repository.root
    let unit = "Assignments/RecurrentNetworks"
    for folder in [root, root + "/tmp", root + "/Assignments"] {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    for folder in ["Sources", "Solutions", "Grader"] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(root)/\(folder)", withDestinationPath: "\(real)/\(folder)")
    }
    try FileManager.default.copyItem(atPath: "\(real)/\(unit)", toPath: "\(root)/\(unit)")
    environment = ["RHYTHMLAB_ROOT": root, "TMPDIR": root + "/tmp"]
    try scratch.write(Self.manifest, "\(name)/\(unit)/assignment.yml")
  }

  private static let manifest = """
    unit: RecurrentNetworks
    title: A small course
    files: [RNN.swift]
    parts: {RecurrentLayers: {files: [BuiltinLSTMNet.swift], holds: [BuiltinLSTM]}}
    data: {kind: spectrogram-chunks, training: 1, validation: 1}
    goals: {}
    tasks:
      - id: 4.7a
        name: RNN
        title: RNN cell
        file: RNN.swift
        points: 2
        checks:
          - {id: rnn.parameters, title: parameters, test: RNNChecks/test1Parameters, points: 0.5}
          - {id: rnn.values, title: values, test: RNNChecks/test3Values, points: 1.5, needs: [rnn.parameters]}
    limits:
      build: {}
      check: {cpuSeconds: 3, wallSeconds: 3}
      training: {}
    """

  /// The task's file as the Solutions have it, with a line before the layer's first.
  func solution(_ line: String = "") throws -> String {
    let text = try String(
      contentsOfFile: root + "/Solutions/RecurrentNetworks/RNN.swift", encoding: .utf8)
    let mark = "for X in try inputs.unstacked(axis: 1)"
    guard let range = text.range(of: mark) else {
      throw FixtureError("the solution of RNN does not contain \(mark) any more")
    }
    let start = text[..<range.lowerBound].lastIndex(of: "\n") ?? text.startIndex
    return text[..<start] + "\n" + line + text[start...]
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
