import Assignment
import Foundation
import Judge
import RecurrentNetworksChecks
import TestSupport
import Units
import XCTest

@testable import Proof

extension Repository {
  static func manifest() throws -> AssignmentManifest {
    try .read(root + "/Assignments/RecurrentNetworks/assignment.yml")
  }

  /// A unit's own library.
  static func library(of unit: any CourseUnit.Type) throws -> MistakeLibrary {
    try MistakeLibrary(
      folder: URL(fileURLWithPath: root + "/Grader/Units/\(unit.name)/Mistakes"),
      solutions: URL(fileURLWithPath: root + "/Solutions/\(unit.name)"),
      manifest: manifest(of: unit), known: unit.facts.mistakeSentences)
  }

  /// A unit's manifest.
  static func manifest(of unit: any CourseUnit.Type) throws -> AssignmentManifest {
    try .read(root + "/Assignments/\(unit.name)/assignment.yml")
  }

  /// A library of this unit.
  static func library(
    _ folder: String = root + "/Grader/Units/RecurrentNetworks/Mistakes"
  ) throws -> MistakeLibrary {
    try MistakeLibrary(
      folder: URL(fileURLWithPath: folder),
      solutions: URL(fileURLWithPath: root + "/Solutions/RecurrentNetworks"),
      manifest: manifest(), known: RecurrentNetworksUnit.facts.mistakeSentences)
  }
}

/// What the library holds, and how it is read.
final class LibraryTests: XCTestCase {
  func testThereAreMistakesAndRightVariantsOfEveryTask() throws {
    for unit in Units.units {
      let entries = try Repository.library(of: unit).entries
      XCTAssertGreaterThanOrEqual(entries.count { !$0.isRight }, 60, unit.name)
      XCTAssertGreaterThanOrEqual(entries.count(where: \.isRight), 20, unit.name)
      for task in try Repository.manifest(of: unit).tasks {
        let own = entries.filter { $0.task == task.name }
        XCTAssertGreaterThan(own.count { !$0.isRight }, 10, task.name)
        XCTAssertGreaterThan(own.count(where: \.isRight), 0, task.name)
        // each check is proven by a mistake that it catches
        for check in task.checks where !check.trains {
          XCTAssertTrue(own.contains { $0.fails(check.id) }, "nothing proves \(check.id)")
        }
      }
    }
  }

  /// What a book computes is what a student's lines give, as far as an entry proves it.
  func testEveryMistakeOfTheBookHasAnEntry() throws {
    for unit in Units.units {
      let proven = try Repository.library(of: unit).entries.map(\.called)
      let known = try XCTUnwrap(unit.facts.mistakes)
      for (subject, named) in known.named {
        // those that a check computes by itself are proven with their network
        guard !known.mistakes(of: subject).isEmpty else { continue }
        for mistake in named
        where !proven.contains(.known(MistakeName(subject: subject, id: mistake.id))) {
          // one parameter for another: the pairs are many, and made by one line of code
          let isExchange = ["-weight-of-", "-bias-of-", "-is-"].contains(
            where: mistake.id.contains)
          XCTAssertTrue(isExchange, "\(subject): \(mistake.id)")
        }
      }
    }
  }

  /// Beside the name of a known mistake an entry has words only where they are a part of what is said.
  func testWordsBesideAKnownMistakeAreItsOwn() throws {
    var parts = 0
    for unit in Units.units {
      let known = unit.facts.mistakeSentences
      for entry in try Repository.library(of: unit).entries {
        guard case .known(let name) = entry.called else { continue }
        let (says, sentence) = try (XCTUnwrap(entry.says), XCTUnwrap(known[name]))
        XCTAssertTrue(sentence.contains(says), "\(entry.name): \(sentence)")
        if sentence != says { parts += 1 }
      }
    }
    XCTAssertGreaterThan(parts, 0)
  }

  func testSentencesAndHintsAreForStudents() throws {
    for unit in Units.units {
      let solution = try Repository.manifest(of: unit).files.map {
        try String(
          contentsOfFile: "\(Repository.root)/Solutions/\(unit.name)/\($0)", encoding: .utf8)
      }.joined()
      let lines = solution.split(separator: "\n").map { $0.drop { $0 == " " } }
      for entry in try Repository.library(of: unit).entries where !entry.isRight {
        let says = try XCTUnwrap(entry.says)
        let hint = try XCTUnwrap(entry.hint)
        XCTAssertFalse(says.hasSuffix("."), entry.name)
        XCTAssertTrue(hint.hasSuffix(".") || hint.hasSuffix("?"), entry.name)
        // the line is the student's to find
        XCTAssertFalse(lines.contains { $0.count > 12 && hint.contains($0) }, entry.name)
        for edits in entry.edits.values {
          XCTAssertTrue(edits.allSatisfy { $0.with != $0.replace }, entry.name)
        }
      }
    }
  }

  func testPairsDoNotMeetAndFollowFromTheSeed() throws {
    let library = try Repository.library(
      Repository.root + "/Grader/Units/RecurrentNetworks/Mistakes")
    func names(_ seed: UInt64) -> [String] {
      library.pairs(of: library.entries, count: 30, seed: seed).map(\.joined.name)
    }
    XCTAssertEqual(Set(names(3)).count, 30)
    XCTAssertEqual(names(3), names(3))
    XCTAssertNotEqual(names(3), names(4))
    let pair = try XCTUnwrap(library.pairs(of: library.entries, count: 1, seed: 3).first)
    XCTAssertEqual(pair.first.task, pair.second.task)
    XCTAssertNotEqual(pair.first.says, pair.second.says)
  }

  /// Entries that share a file are handed in apart.
  func testSubmissionsHoldEntriesWithoutACommonFile() throws {
    let library = try Repository.library(
      Repository.root + "/Grader/Units/RecurrentNetworks/Mistakes")
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("mistakes-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let places = try library.write(library.entries, to: folder)
    var files: [String: [String]] = [:]
    for entry in library.entries {
      let place = try XCTUnwrap(places[entry.name])
      files[place, default: []] += entry.files.keys
      for (name, text) in entry.files {
        XCTAssertEqual(
          try String(
            contentsOf: folder.appendingPathComponent("\(place)/\(name)"), encoding: .utf8),
          text, entry.name)
      }
    }
    for (place, names) in files { XCTAssertEqual(Set(names).count, names.count, place) }
    XCTAssertLessThan(files.count, library.entries.count)
  }

  func testSaysWhatIsWrongWithAnEntry() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/library-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func error(_ entry: String) throws -> String {
      try? FileManager.default.removeItem(atPath: folder)
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for name in try Repository.manifest().tasks.map(\.name) + ["Correct"] {
        try (name == "RNN" ? entry : "[]").write(
          toFile: "\(folder)/\(name).yml", atomically: true, encoding: .utf8)
      }
      do {
        _ = try Repository.library(folder)
        return "(nothing was thrown)"
      } catch { return "\(error)" }
    }
    let change = "changes: [{replace: tanh, with: sigmoid}]"
    XCTAssertEqual(
      try error("- {name: a, says: b, hint: c, \(change), fails: [rnn.values]}"),
      "(nothing was thrown)")
    XCTAssertEqual(
      try error("- {name: a, says: b, hint: c, \(change), fails: [rnn.vales]}"),
      "a: there is no check rnn.vales")
    XCTAssertEqual(
      try error("- {name: a, says: b, \(change), fails: [rnn.values]}"),
      "a: a mistake has mistake or says, hint and fails, a right variant none of them")
    XCTAssertEqual(
      try error("- {name: a, task: GRU, says: b, hint: c, \(change), fails: [rnn.values]}"),
      "a: there is no task GRU")
    XCTAssertEqual(
      try error(
        "- {name: a, says: b, hint: c, changes: [{replace: gone, with: x}], fails: [rnn.values]}"),
      "a: RNN.swift does not contain this any more: gone")
    func naming(_ mistake: String) throws -> String {
      try error(
        "- {name: a, mistake: \(mistake), hint: c, \(change), fails: [rnn.values]}")
    }
    XCTAssertEqual(try naming("sigmoid"), "(nothing was thrown)")
    XCTAssertEqual(try naming("LSTM/tanh-gates"), "(nothing was thrown)")
    XCTAssertEqual(
      try naming("sigmiod"),
      "a: there is no known mistake RNN/sigmiod; did you mean RNN/sigmoid?")
    XCTAssertEqual(
      try naming("tanh-gates"),
      "a: there is no known mistake RNN/tanh-gates; did you mean LSTM/tanh-gates?")
    XCTAssertEqual(
      try naming("GRU/nothing-like-it"), "a: there is no known mistake GRU/nothing-like-it")
    let twice = "- {name: a, says: b, hint: c, \(change), fails: [rnn.values]}\n"
    XCTAssertEqual(try error(twice + twice), "a is there twice")
    XCTAssertTrue(try error("name: a").hasPrefix("RNN.yml is not a list of entries"))
    XCTAssertTrue(try error("- {nam: a}").hasPrefix("RNN.yml is not a list of entries"))
  }
}
