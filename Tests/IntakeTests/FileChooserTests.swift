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

  func testWhatIsMissingOrTakenUnderAnotherNameIsSaid() {
    XCTAssertEqual(
      choose([]).1, ["LSTM.swift is missing: the untouched stub is graded in its place"])
    XCTAssertEqual(choose([("LSTM (1).swift", 0)]).1, ["LSTM (1).swift was taken for LSTM.swift"])
    XCTAssertEqual(choose([("LSTM.swift", 0)]).1, [])
  }
}
