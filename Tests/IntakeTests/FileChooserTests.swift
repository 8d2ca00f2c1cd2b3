import XCTest

@testable import Intake

final class FileChooserTests: XCTestCase {
  func testNamesOfCopies() {
    let cases: [(String, String?, FileName.Closeness, Int)] = [
      ("LSTM.swift", "LSTM.swift", .exact, 0), ("lstm.Swift", "LSTM.swift", .otherCase, 0),
      ("LSTM (1).swift", "LSTM.swift", .copy, 1), ("LSTM(12).swift", "LSTM.swift", .copy, 12),
      ("LSTM-2.swift", "LSTM.swift", .copy, 2), ("LSTM_3.swift", "LSTM.swift", .copy, 3),
      ("LSTM - Copy.swift", "LSTM.swift", .copy, 1),
      ("LSTM - Copy (2).swift", "LSTM.swift", .copy, 2),
      ("LSTM copy 4.swift", "LSTM.swift", .copy, 4),
      ("LSTM.swift.txt", "LSTM.swift", .hiddenExtension, 0),
      ("LSTMNet.swift", nil, .exact, 0), ("MyLSTM.swift", nil, .exact, 0),
      ("LSTM12.swift", nil, .exact, 0), ("LSTM (one).swift", nil, .exact, 0),
      ("LSTM.txt", nil, .exact, 0), ("LSTM", nil, .exact, 0), ("._LSTM.swift", nil, .exact, 0),
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
    var chooser = FileChooser(wanted: ["LSTM.swift"])
    for (path, order) in offered {
      chooser.add(path.split(separator: "/").map(String.init), Array(path.utf8), order: order)
    }
    let (files, _, notes) = chooser.choose()
    return (files["LSTM.swift"].map { String(decoding: $0, as: UTF8.self) }, notes)
  }

  func testTheStatedRule() {
    let cases: [([(String, Int)], String)] = [
      ([("LSTM (1).swift", 0), ("LSTM.swift", 0), ("LSTM-2.swift", 0)], "LSTM.swift"),
      ([("LSTM (1).swift", 0), ("deep/er/LSTM.swift", 0)], "deep/er/LSTM.swift"),
      ([("LSTM (1).swift", 0), ("LSTM (3).swift", 0)], "LSTM (3).swift"),
      ([("old/LSTM.swift", 0), ("LSTM.swift", 0)], "LSTM.swift"),
      ([("lstm.swift", 0), ("LSTM.swift", 0)], "LSTM.swift"),
      ([("LSTM.swift.txt", 0), ("LSTM-1.swift", 0)], "LSTM-1.swift"),
      ([("LSTM.swift", 1000), ("LSTM-1.swift", 1001)], "LSTM-1.swift"),
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
      (["lstm.swift", "LSTM.swift", "Lstm.swift"], "LSTM.swift"),
      (["LSTM.Swift", "lstm.swift"], "LSTM.Swift"),
      (["e\u{301}/LSTM.swift", "\u{e9}/LSTM.swift"], "\u{e9}/LSTM.swift"),
      (["LSTM.swift", "\u{ff2c}\u{ff33}\u{ff34}\u{ff2d}.swift"], "LSTM.swift"),
      (["X/LSTM.swift", "x/lstm.swift"], "X/LSTM.swift"),
    ] {
      let (chosen, notes) = choose(offered.map { ($0, 0) })
      // their bytes, since Swift takes both ways to write it for equal
      XCTAssertEqual(chosen.map { Array($0.utf8) }, Array(expected.utf8), "\(offered)")
      XCTAssertTrue(
        notes.contains { $0.contains("was graded, not") && $0.contains("differ in case") },
        "\(notes)")
    }
    // entries of one archive with one name: what unpacking would leave
    var chooser = FileChooser(wanted: ["LSTM.swift"])
    for text in ["first", "second", "last"] {
      chooser.add(["LSTM.swift"], Array(text.utf8), order: 0)
    }
    let (files, _, notes) = chooser.choose()
    XCTAssertEqual(files["LSTM.swift"], Array("last".utf8))
    XCTAssertTrue(notes.contains { $0.contains("not LSTM.swift, LSTM.swift:") }, "\(notes)")
  }

  func testThousandsOfCopiesMakeOneShortRemark() {
    let (chosen, notes) = choose((1...5000).map { ("LSTM (\($0)).swift", 0) })
    XCTAssertEqual(chosen, "LSTM (5000).swift")
    XCTAssertEqual(notes.count, 2)
    XCTAssertTrue(notes.first?.contains("and 4994 more") == true, "\(notes)")
    XCTAssertLessThan(notes.joined().count, 500)
  }

  func testWhatIsMissingOrTakenUnderAnotherNameIsSaid() {
    XCTAssertEqual(
      choose([]).1, ["LSTM.swift is missing: the untouched stub is graded in its place"])
    XCTAssertEqual(choose([("LSTM (1).swift", 0)]).1, ["LSTM (1).swift was taken for LSTM.swift"])
    XCTAssertEqual(choose([("LSTM.swift", 0)]).1, [])
  }
}
