import XCTest

@testable import Intake

final class FileChooserTests: XCTestCase {
  func testNamesOfCopies() {
    let cases: [(String, String?, FileName.Closeness, Int)] = [
      ("Means.swift", "Means.swift", .exact, 0), ("means.Swift", "Means.swift", .otherCase, 0),
      ("Means (1).swift", "Means.swift", .copy, 1), ("Means(12).swift", "Means.swift", .copy, 12),
      ("Means-2.swift", "Means.swift", .copy, 2), ("Means_3.swift", "Means.swift", .copy, 3),
      ("Means - Copy.swift", "Means.swift", .copy, 1),
      ("Means - Copy (2).swift", "Means.swift", .copy, 2),
      ("Means copy 4.swift", "Means.swift", .copy, 4),
      ("Means.swift.txt", "Means.swift", .hiddenExtension, 0),
      ("MeansNet.swift", nil, .exact, 0), ("MyMeans.swift", nil, .exact, 0),
      ("Means12.swift", nil, .exact, 0), ("Means (one).swift", nil, .exact, 0),
      ("Means.txt", nil, .exact, 0), ("Means", nil, .exact, 0), ("._Means.swift", nil, .exact, 0),
    ]
    for (name, wanted, closeness, number) in cases {
      let read = FileName(name, among: files)
      XCTAssertEqual(read?.wanted, wanted, name)
      if wanted != nil {
        XCTAssertEqual(read?.closeness, closeness, name)
        XCTAssertEqual(read?.number, number, name)
      }
    }
  }

  private func choose(_ offered: [(String, Int)]) -> (String?, [String]) {
    var chooser = FileChooser(wanted: ["Means.swift"])
    for (path, order) in offered {
      chooser.add(path.split(separator: "/").map(String.init), Array(path.utf8), order: order)
    }
    let (files, _, notes) = chooser.choose()
    return (files["Means.swift"].map { String(decoding: $0, as: UTF8.self) }, notes)
  }

  func testTheStatedRule() {
    let cases: [([(String, Int)], String)] = [
      ([("Means (1).swift", 0), ("Means.swift", 0), ("Means-2.swift", 0)], "Means.swift"),
      ([("Means (1).swift", 0), ("deep/er/Means.swift", 0)], "deep/er/Means.swift"),
      ([("Means (1).swift", 0), ("Means (3).swift", 0)], "Means (3).swift"),
      ([("old/Means.swift", 0), ("Means.swift", 0)], "Means.swift"),
      ([("means.swift", 0), ("Means.swift", 0)], "Means.swift"),
      ([("Means.swift.txt", 0), ("Means-1.swift", 0)], "Means-1.swift"),
      ([("Means.swift", 1000), ("Means-1.swift", 1001)], "Means-1.swift"),
    ]
    for (offered, expected) in cases {
      let (chosen, notes) = choose(offered)
      XCTAssertEqual(chosen, expected)
      XCTAssertTrue(notes.contains { $0.contains("was graded, not") }, "\(notes)")
      XCTAssertEqual(choose(offered.reversed()).0, expected, "the order must not matter")
    }
  }

  func testNamesThatSomeDisksTakeForOne() {
    for (offered, expected) in [
      (["means.swift", "Means.swift", "MEANS.swift"], "Means.swift"),
      (["Means.Swift", "means.swift"], "Means.Swift"),
      (["e\u{301}/Means.swift", "\u{e9}/Means.swift"], "\u{e9}/Means.swift"),
      (["Means.swift", "\u{ff2d}\u{ff45}\u{ff41}\u{ff4e}\u{ff53}.swift"], "Means.swift"),
      (["X/Means.swift", "x/means.swift"], "X/Means.swift"),
    ] {
      let (chosen, notes) = choose(offered.map { ($0, 0) })
      // their bytes, since Swift takes both ways to write it for equal
      XCTAssertEqual(chosen.map { Array($0.utf8) }, Array(expected.utf8), "\(offered)")
      XCTAssertTrue(
        notes.contains { $0.contains("was graded, not") && $0.contains("differ in case") },
        "\(notes)")
    }
    // entries of one archive with one name: what unpacking would leave
    var chooser = FileChooser(wanted: ["Means.swift"])
    for text in ["first", "second", "last"] {
      chooser.add(["Means.swift"], Array(text.utf8), order: 0)
    }
    let (files, _, notes) = chooser.choose()
    XCTAssertEqual(files["Means.swift"], Array("last".utf8))
    XCTAssertTrue(notes.contains { $0.contains("not Means.swift, Means.swift:") }, "\(notes)")
  }

  func testThousandsOfCopiesMakeOneShortRemark() {
    let (chosen, notes) = choose((1...5000).map { ("Means (\($0)).swift", 0) })
    XCTAssertEqual(chosen, "Means (5000).swift")
    XCTAssertEqual(notes.count, 2)
    XCTAssertTrue(notes.first?.contains("and 4994 more") == true, "\(notes)")
    XCTAssertLessThan(notes.joined().count, 500)
  }

  func testWhatIsMissingOrTakenUnderAnotherNameIsSaid() {
    XCTAssertEqual(
      choose([]).1, ["Means.swift is missing: the untouched stub is graded in its place"])
    XCTAssertEqual(
      choose([("Means (1).swift", 0)]).1, ["Means (1).swift was taken for Means.swift"])
    XCTAssertEqual(choose([("Means.swift", 0)]).1, [])
  }
}
