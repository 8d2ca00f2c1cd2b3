import Foundation
import Judge
import Release
import TestSupport
import Units
import XCTest

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The documents as GitHub shows them: links, pictures and equations.
final class HandoutTests: XCTestCase {
  private let root = Repository.folder
  private let units = Units.units.map { (name: $0.name, folder: "Assignments/\($0.name)") }
  private var handouts: [String] { units.map(\.folder) }

  private func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// The groups of each match.
  private func found(_ pattern: String, in text: String) throws -> [[String]] {
    let expression = try NSRegularExpression(pattern: pattern)
    return expression.matches(in: text, range: NSRange(text.startIndex..., in: text)).map { match in
      (1..<match.numberOfRanges).map {
        Range(match.range(at: $0), in: text).map { String(text[$0]) } ?? ""
      }
    }
  }

  /// The targets of headings, as GitHub makes them.
  private func anchors(of text: String) -> Set<String> {
    Set(
      text.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
        line.drop { $0 == "#" || $0 == " " }.lowercased()
          .filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" }
          .replacingOccurrences(of: " ", with: "-")
      })
  }

  /// - Parameter folder: where the document is read: a students' copy has its README at the top.
  private func requireLinks(of document: String, in folder: String) throws {
    let text = try text(document).replacingOccurrences(
      of: "@UNIT@", with: units[0].name)
    for link in try found(#"\]\(([^)\s]+)\)"#, in: text).map({ $0[0] }) {
      if link.hasPrefix("https://") { continue }
      let parts = link.components(separatedBy: "#")
      let path = parts[0].isEmpty ? document : folder + parts[0]
      XCTAssertTrue(
        FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path),
        "\(document): \(link)")
      if parts.count == 2 {
        XCTAssertTrue(
          anchors(of: try self.text(path)).contains(parts[1]), "\(document): \(link)")
      }
    }
  }

  /// A release looks for them too, and comes long after a page was written.
  func testNoPageHoldsALineOfTheSolutions() throws {
    for folder in handouts {
      let unit = URL(fileURLWithPath: folder).lastPathComponent
      let scan = try LeakScan(unit: unit, root: root)
      XCTAssertGreaterThan(scan.secretCount, 0, unit)
      let pages = try Scratch()
      for name in try FileManager.default.contentsOfDirectory(
        atPath: root.appendingPathComponent(folder).path)
      where name.hasSuffix(".md") || name.hasSuffix(".yml") {
        try pages.write(text("\(folder)/\(name)"), name)
      }
      XCTAssertEqual(try scan.findings(in: URL(fileURLWithPath: pages.path)), [], unit)
    }
  }

  func testTheLinksLeadSomewhere() throws {
    for folder in handouts {
      let documents = try FileManager.default.contentsOfDirectory(
        atPath: root.appendingPathComponent(folder).path
      ).filter { $0.hasSuffix(".md") }
      XCTAssertGreaterThan(documents.count, 1)
      for name in documents { try requireLinks(of: "\(folder)/\(name)", in: "\(folder)/") }
    }
    try requireLinks(of: "README.md", in: "")
    try requireLinks(of: "Grader/Release/Student/README.md", in: "")
  }

  func testPicturesAreSmallShownAndDescribed() throws {
    for (_, unit) in units { try requirePictures(unit) }
  }

  private func requirePictures(_ unit: String) throws {
    let handout = try text("\(unit)/Instructions.md")
    let shown = try found(#"!\[([^\]]*)\]\(([^)]+)\)"#, in: handout)
    for picture in shown {
      XCTAssertGreaterThan(picture[0].count, 40, "\(picture[1]): what does it show?")
    }
    let folder = root.appendingPathComponent("\(unit)/Pictures")
    let present = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    XCTAssertEqual(present.map { "Pictures/\($0)" }, shown.map { $0[1] }.sorted())
    XCTAssertFalse(present.isEmpty, unit)
    for name in present {
      let data = try Data(contentsOf: folder.appendingPathComponent(name))
      XCTAssertLessThan(data.count, 60_000, name)
      let picture = String(decoding: data, as: UTF8.self)
      XCTAssertTrue(picture.hasPrefix("<?xml"), name)
      XCTAssertTrue(picture.contains("synthetic recordings"), "\(name) does not say of what it is")
      XCTAssertTrue(XMLParser(data: data).parse(), name)
    }
  }

  /// GitHub reads Markdown before it reads mathematics: a backslash before punctuation vanishes
  /// (`\{`, `\\`, `\,`), an underscore or an asterisk that could begin emphasis begins it, a bar ends
  /// a table's cell, and a dollar sign beside a letter is a dollar sign.
  func testTheEquationsSurviveGitHub() throws {
    for folder in handouts { try requireEquations(folder) }
  }

  private func requireEquations(_ unit: String) throws {
    let handout = try text("\(unit)/Instructions.md")
    let prose = handout.components(separatedBy: "```").enumerated()
      .filter { $0.offset.isMultiple(of: 2) }.map(\.element).joined()
    let equations = try found(#"\$\$?([^$]+)\$\$?"#, in: prose).map { $0[0] }
    XCTAssertGreaterThan(equations.count, 10)
    for equation in equations {
      for pitfall in [#"\\[!-/:-@\[-`{-~]"#, #"(^|[\s{(])[_*]"#, #"\*"#, #"\n\n"#, #"<[a-z/]"#] {
        XCTAssertNil(equation.range(of: pitfall, options: .regularExpression), equation)
      }
      let braces = equation.reduce(0) { $0 + ($1 == "{" ? 1 : $1 == "}" ? -1 : 0) }
      XCTAssertEqual(braces, 0, equation)
    }
    XCTAssertTrue(prose.filter { $0 == "$" }.count.isMultiple(of: 2))
    for line in prose.split(separator: "\n") where line.contains("$") {
      XCTAssertFalse(line.hasPrefix("|"), "mathematics in a table: \(line)")
    }
    // what stands between two equations neither begins nor ends with a letter or digit
    let between = prose.replacingOccurrences(of: "$$", with: "$").components(separatedBy: "$")
      .enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
    for (index, text) in between.enumerated() {
      let ends = [index == 0 ? nil : text.first, index == between.count - 1 ? nil : text.last]
      for end in ends.compactMap({ $0 }) {
        XCTAssertFalse(end.isLetter || end.isNumber, "a letter beside $: \(text.suffix(40))")
      }
    }
  }
}
