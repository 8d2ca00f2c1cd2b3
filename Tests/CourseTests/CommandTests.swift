import ArgumentParser
import Foundation
import Judge
import TestSupport
import Units
import XCTest

@testable import rhythm

/// What the documents tell the reader to type exists: the tool's own parser is asked.
final class CommandTests: XCTestCase {
  private static let handouts = Units.units.map { "Assignments/\($0.name)/Instructions.md" }
  /// The first is the instructors' too.
  private static let documents =
    ["README.md", "Grader/Release/Student/README.md"]
    + Units.units.flatMap { unit in
      let folder = "Assignments/\(unit.name)"
      let names = try? FileManager.default.contentsOfDirectory(
        atPath: Repository.folder.appendingPathComponent(folder).path)
      return (names ?? []).filter { $0.hasSuffix(".md") }.sorted().map { "\(folder)/\($0)" }
    }
  private let root = Repository.folder

  private func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// What a pattern's first group finds in a text.
  private func found(_ pattern: String, in text: String) throws -> [String] {
    let whole = NSRange(text.startIndex..., in: text)
    return try NSRegularExpression(pattern: pattern).matches(in: text, range: whole).compactMap {
      Range($0.range(at: 1), in: text).map { String(text[$0]) }
    }
  }

  /// The words after each `./rhythm` of a document. What may be left out, in brackets, is taken too;
  /// a comment, the end of the code and the end of the line end a command.
  private func commands(of document: String) throws -> [[String]] {
    try found(#"\./rhythm((?:(?!\./rhythm)[^`#|\n])*)"#, in: text(document)).map { rest in
      rest.split { " []".contains($0) }.map(String.init)
    }
  }

  func testEveryCommandInTheDocumentsExists() throws {
    for document in Self.documents {
      for words in try commands(of: document) {
        let place = "\(document): ./rhythm \(words.joined(separator: " "))"
        if words.first == "test" {
          // the script's own, since it must not run from the build that it makes
          XCTAssertTrue(try text("rhythm").contains(#"if [[ ${1:-} == test ]]"#), place)
          continue
        }
        do { _ = try Rhythm.parseAsRoot(words) } catch {
          // asking for help ends the parsing too, but well
          XCTAssertEqual(Rhythm.exitCode(for: error), .success, "\(place)\n\(error)")
        }
      }
    }
    for handout in Self.handouts {
      XCTAssertTrue(Self.documents.contains(handout), handout)
      XCTAssertGreaterThan(try commands(of: handout).count, 8, handout)
    }
  }

  /// The options that stand alone in code, as in "`--resume` goes on", belong to some command.
  func testEveryOptionInTheDocumentsExists() throws {
    var options: Set<String> = []
    func collect(_ command: HelpDump.Command) {
      for names in (command.arguments ?? []).compactMap(\.names) {
        options.formUnion(names.filter { $0.kind == "long" }.map(\.name))
      }
      for part in command.subcommands ?? [] { collect(part) }
    }
    do { _ = try Rhythm.parseAsRoot(["--experimental-dump-help"]) } catch {
      let dump = Data(Rhythm.fullMessage(for: error).utf8)
      collect(try JSONDecoder().decode(HelpDump.self, from: dump).command)
    }
    XCTAssertTrue(options.contains("augmentation"))
    for document in Self.documents {
      for option in try found("`--([a-z-]+)", in: text(document)) {
        XCTAssertTrue(options.contains(option), "\(document): --\(option)")
      }
    }
  }

  func testEveryFilterInTheDocumentsIsAClassOfChecks() throws {
    let classes = Set(Units.units.flatMap { $0.checks.map { "\($0.testCaseClass)" } })
    var count = 0
    for document in Self.documents {
      let text = try text(document)
      let names = try found(#"--filter (\w+)"#, in: text) + found(#"`(\w+Checks)`"#, in: text)
      for name in names {
        let isTarget = FileManager.default.fileExists(
          atPath: root.appendingPathComponent("Tests/\(name)").path)
        XCTAssertTrue(classes.contains(name) || isTarget, "\(document): \(name)")
      }
      count += names.count
    }
    XCTAssertGreaterThan(count, 0)
  }

  /// A student's copy has no commands for instructors, so its documents name none.
  func testStudentsAreToldOfNoCommandThatOnlyInstructorsHave() throws {
    func names(_ folder: String) throws -> Set<String> {
      let files = try FileManager.default.contentsOfDirectory(
        atPath: root.appendingPathComponent(folder).path
      ).filter { $0.hasSuffix(".swift") }
      return try Set(
        files.flatMap { try found(#"commandName: "(\w+)""#, in: text("\(folder)/\($0)")) })
    }
    // `check` is a command of students', and a part of the authors' `unit`
    let instructors = try names("Sources/rhythm/Instructor").subtracting(names("Sources/rhythm"))
    XCTAssertTrue(instructors.contains("grade"))
    for document in Self.documents.dropFirst() {
      let named = try Set(commands(of: document).compactMap(\.first))
      XCTAssertEqual(named.intersection(instructors), [], document)
    }
  }

  /// What `--experimental-dump-help` says, as far as it is looked at.
  private struct HelpDump: Decodable {
    struct Name: Decodable {
      let kind: String
      let name: String
    }
    struct Argument: Decodable { let names: [Name]? }
    struct Command: Decodable {
      let arguments: [Argument]?
      let subcommands: [Command]?
    }
    let command: Command
  }
}
