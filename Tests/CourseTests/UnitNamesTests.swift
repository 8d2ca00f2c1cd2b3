import Assignment
import Foundation
import Judge
import TestSupport
import Units
import XCTest

/// Outside of a unit's folders nothing knows it: a second unit changes no line but those of the lists.
///
/// Comments may take a unit for an example, and so may pages that people read; what is compiled or run may
/// not. `RNN` and `LSTM` are words of the subject too: only as whole words are they a task's name, so that the
/// core's `BuiltinLSTM` and `Tensor.lstm` are not meant.
final class UnitNamesTests: XCTestCase {
  /// Files and folders that know a unit for a reason. One that no longer does is not listed.
  private static let exceptions: KeyValuePairs<String, String> = [
    "Benchmarks": "the unit's networks as PyTorch and JAX have them, to compare with",
    "Tests/Golden": "what the unit's networks, answers and grades were, byte for byte",
    "Tests/Reference": "the scripts that the unit's fixtures and pictures are made by",
    "Tests/CourseTests/Fixtures": "the unit's networks as PyTorch has them",
    "Tests/AttackTests/AttackTests.swift": "a list of attacks: on layers and networks",
    "Tests/AttackTests/TableTests.swift": "a list of attacks: on what a network learns",
    "Grader/Reports": "the attention that a submission needs, which is no task",
    "Tests/ReportsTests": "the same",
    "Tests/CourseTests/ReferenceNetworkTests.swift": "the unit's own networks, against PyTorch",
    "Tests/CourseTests/UnitNamesTests.swift": "this file",
    "Tests/CourseTests/UnitTests.swift": "refusals of a manifest that has all that one can have",
    "Tests/TrainingTests": "trainings of networks with many parameters, which no toy has",
    "Tests/CourseTests/PartsTests.swift": "the one unit whose tasks may not use a part of the core",
    "Tests/GradingTests/CheckSourcesTests.swift": "the unit's own checks, one apart from the other",
    "Tests/JudgeTests/ComparisonTests.swift":
      "numbers that are drawn by a name, as recorded ones are",
  ]

  /// Names of tasks that are words of the core too, so that a line with one need not mean the task.
  private static let sharedWords: KeyValuePairs<String, String> = [
    "challengeScore": "a metric", "classWeights": "what a loss takes",
    "Augmentation": "another way to fill an epoch", "EarlyStopping": "when a training ends",
    "Evaluation": "a mode of a network, and a word of many sentences",
    "ParzenEstimator": "of the tool's own search", "RandomSearch": "the same",
    "TPESearch": "the same",
    "interpolated": "what is done to a map before it is drawn",
  ]

  /// Paths that people read, that are built, or that nothing is done with.
  private static let pages = [
    "Documentation", "README.md", ".github/CONTRIBUTING.md", "Grader/README.md",
  ]

  private let root = Repository.folder

  private func isBelow(_ path: String, _ folder: String) -> Bool {
    path == folder || path.hasPrefix(folder + "/")
  }

  /// The files of the working copy, but for those of units and pages.
  private func paths(_ units: [String]) throws -> [String] {
    let own = units.flatMap { unit in
      [
        "Assignments", "Solutions", "Grader/Units", "Tests/SelfCheck", "Tests/AttackTests/Attacks",
      ].map { "\($0)/\(unit)" }
    }
    var found: [String] = []
    func visit(_ folder: String) throws {
      for name in try FileManager.default.contentsOfDirectory(atPath: root.path + "/" + folder) {
        let path = folder.isEmpty ? name : folder + "/" + name
        guard !name.hasPrefix(".") || [".ci", ".devcontainer", ".github"].contains(name),
          !(own + Self.pages).contains(path)
        else { continue }
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(
          atPath: root.path + "/" + path, isDirectory: &isFolder)
        if isFolder.boolValue { try visit(path) } else { found.append(path) }
      }
    }
    try visit("")
    return found.sorted()
  }

  /// The names that are a unit's: its own and its modules', and those of its networks, tasks and files.
  private func names(_ unit: String) throws -> Set<String> {
    let manifest = try AssignmentManifest.read(root.path + "/Assignments/\(unit)/assignment.yml")
    return Set(
      ["", "Checks", "Facts", "Reference", "SelfCheck", "Unit"].map { unit + $0 }
        + (manifest.networks ?? []).map(\.name) + manifest.tasks.map(\.name)
        + manifest.files.map { $0.replacingOccurrences(of: ".swift", with: "") })
  }

  /// What of a file is no comment, line by line.
  private func code(_ text: String, _ path: String) -> [(number: Int, line: String)] {
    let isC = [".swift", ".c", ".h", ".template"].contains { path.hasSuffix($0) }
    let mark = isC ? "//" : path.hasSuffix(".md") || path.hasSuffix(".json") ? nil : "#"
    return text.components(separatedBy: "\n").enumerated().map { number, line in
      guard let mark else { return (number + 1, line) }
      // a line of a list of units
      if line.contains("// UNIT ") { return (number + 1, "") }
      var end = line.startIndex
      for word in line.split(separator: " ") {
        if word.hasPrefix(mark) { break }
        end = word.endIndex
      }
      return (number + 1, String(line[..<end]))
    }
  }

  private func words(_ line: String) -> Set<String> {
    Set(line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
  }

  /// The lines of a file that name a unit. A test that is compiled with a unit's modules is that unit's own.
  private func places(_ path: String, _ names: Set<String>, _ units: [String]) -> [String] {
    guard let text = try? String(contentsOfFile: root.path + "/" + path, encoding: .utf8) else {
      return []
    }
    let modules = units.flatMap { ["\($0)Checks", "\($0)Reference"] }
    if path.hasPrefix("Tests/"), modules.contains(where: { text.contains("import \($0)\n") }) {
      return []
    }
    return code(text, path).compactMap { number, line in
      let found = words(line).intersection(names).sorted()
      return found.isEmpty ? nil : "\(path):\(number): \(found.joined(separator: ", "))"
    }
  }

  func testNothingOutsideOfAUnitsFoldersNamesIt() throws {
    let units = Units.units.map { $0.name }
    var names = try units.reduce(into: Set<String>()) { $0.formUnion(try self.names($1)) }
    XCTAssertGreaterThan(names.count, 10)
    for (word, reason) in Self.sharedWords {
      XCTAssertNotNil(names.remove(word), "no task is called \(word) any more: \(reason)")
    }
    var used: Set<String> = []
    for path in try paths(units) {
      let places = self.places(path, names, units)
      if let exception = Self.exceptions.first(where: { isBelow(path, $0.key) }) {
        if !places.isEmpty { used.insert(exception.key) }
      } else {
        XCTAssertEqual(places, [])
      }
    }
    for (path, reason) in Self.exceptions {
      XCTAssertTrue(used.contains(path), "\(path) names no unit any more: \(reason)")
    }
  }

  func testWhatIsCodeIsTold() {
    func code(_ line: String, _ path: String) -> String { self.code(line, path)[0].line }
    XCTAssertEqual(code("let x = f(\"LSTM\")  // as an LSTM", "a.swift"), "let x = f(\"LSTM\")")
    XCTAssertEqual(code("  /// An LSTM.", "a.swift"), "")
    XCTAssertEqual(code("  LSTM.self  // UNIT LSTM", "a.swift"), "")
    XCTAssertEqual(code("net: LSTM # LSTM", "a.yml"), "net: LSTM")
    XCTAssertEqual(code("# LSTM", "a.md"), "# LSTM")
    XCTAssertEqual(words("a.LSTM(BuiltinLSTM, x_LSTM)"), ["a", "LSTM", "BuiltinLSTM", "x_LSTM"])
  }
}
