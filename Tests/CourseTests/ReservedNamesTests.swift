import Foundation
import Judge
import Sandbox
import Units
import XCTest

@testable import Assignment
@testable import Building
@testable import rhythm

/// What units reserve is there, the Solutions do without it, and a self-check says where it is used.
final class ReservedNamesTests: XCTestCase {
  /// A name that the core does not have reserves nothing.
  func testTheCoreHasWhatIsReserved() throws {
    let copy = try WorkingCopy.find()
    let symbols = SymbolReader(try Toolchain.find())
    var words: [SymbolWords]?
    for unit in Units.units {
      let manifest = try AssignmentManifest.read(copy.assignment(unit.name) + "/assignment.yml")
      guard let reserved = manifest.reserved else { continue }
      let all =
        try words
        ?? copy.core.libraries.flatMap { library in
          try symbols.inWords(symbols.defined(in: library).sorted()).map(SymbolWords.init)
        }
      words = all
      for name in reserved {
        XCTAssertTrue(
          all.contains { $0.mentions(name, besides: unit.name) },
          "\(unit.name) reserves \(name), which the core does not have")
      }
    }
    XCTAssertNotNil(words, "no unit reserves anything")
  }

  /// Of what SwiftPM built: given files use what the students' may not, and the Solutions do without it.
  func testObjectsOfAWorkingCopy() throws {
    let copy = try WorkingCopy.find()
    let products = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent()
    var given: [ReservedUse] = []
    for unit in Units.units {
      var manifest = try AssignmentManifest.read(copy.assignment(unit.name) + "/assignment.yml")
      guard manifest.reserved != nil else { continue }
      let sources = copy.solutions(unit.name)
      let objects = products.appendingPathComponent("\(unit.name)Reference.build").path
      func uses() throws -> [ReservedUse] {
        try ReservedUse.all(
          manifest, sources: sources, objects: objects, toolchain: Toolchain.find())
      }
      for file in manifest.files {
        XCTAssertTrue(FileManager.default.fileExists(atPath: "\(objects)/\(file).o"), file)
      }
      XCTAssertEqual(try uses(), [])
      manifest.files =
        try FileManager.default.contentsOfDirectory(atPath: sources)
        .filter { $0.hasSuffix(".swift") && !manifest.files.contains($0) } + ["Missing.swift"]
      for use in try uses() {
        let place = try XCTUnwrap(use.place, use.sentence)
        let text = try String(contentsOfFile: "\(sources)/\(use.file)", encoding: .utf8)
        let line = text.split(separator: "\n", omittingEmptySubsequences: false)[place.line - 1]
        XCTAssertTrue(line.contains(use.name), "\(place): \(line)")
        given.append(use)
      }
    }
    XCTAssertGreaterThan(given.count, 1, "the stem and the large networks are convolutions")
  }
}
