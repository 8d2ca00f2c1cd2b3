import Foundation
import XCTest

@testable import Recordings

/// Files by SciPy's savemat, by Tests/Reference/matlab.py.
final class MATLABFileTests: FolderTestCase {
  private let row: [Int16] = [-32768, -3, 0, 7, 1000, 32767]

  private func read(_ url: URL) throws -> [Int16] {
    let bytes = try Data(contentsOf: url).count
    return try MATLABFile.readSamples(url.path, member: "m.mat", byteCount: bytes)
  }

  func testReadsWhatSciPyWrites() throws {
    for name in ["level4", "level4-double", "level5", "level5-compressed", "level5-column"] {
      XCTAssertEqual(try read(fixture("matlab/\(name).mat")), row, name)
    }
  }

  func testRefusesWhatIsNoRecording() throws {
    for name in ["other-name", "other-name-level5"] {
      let url = try fixture("matlab/\(name).mat")
      assertThrows(.noVariable(member: "m.mat")) { try read(url) }
    }
    for (name, problem) in [
      ("matrix", "it is 2 x 3"), ("fraction", "it holds -32767.5"),
      ("too-large", "it holds -65536"), ("text", "it is not an array of numbers"),
      ("complex", "it is complex"),
      ("empty", "it is empty"),
    ] {
      let url = try fixture("matlab/\(name).mat")
      assertThrows(.wrongVariable(member: "m.mat", problem: problem)) { try read(url) }
    }
  }

  func testRefusesWhatIsNoMATLABFile() throws {
    let texts = [
      "", "x", "This is no MATLAB file, only text of some length.\n",
      String(repeating: "val\u{0}", count: 500), String(repeating: "\u{0}", count: 5000),
    ]
    for (index, text) in texts.enumerated() {
      try write(text, to: "\(index).mat")
      XCTAssertThrowsError(try read(folder.appendingPathComponent("\(index).mat"))) {
        XCTAssertTrue($0 is RecordingError, "\($0)")
      }
    }
  }

  func testEveryTruncationIsAnError() throws {
    for name in ["level4", "level4-double", "level5", "level5-compressed"] {
      let whole = try Data(contentsOf: fixture("matlab/\(name).mat"))
      for length in 0..<whole.count {
        let url = folder.appendingPathComponent("cut.mat")
        try whole.prefix(length).write(to: url)
        XCTAssertThrowsError(try read(url), "\(name) cut to \(length)")
      }
    }
  }

  /// Every byte of the header changed to three values: an answer or an error, never a trap.
  func testDamagedHeadersDoNotTrap() throws {
    for name in ["level4", "level5"] {
      let whole = try Data(contentsOf: fixture("matlab/\(name).mat"))
      let url = folder.appendingPathComponent("damaged.mat")
      for place in 0..<whole.count {
        for value in [0, 0x7F, 0xFF] as [UInt8] {
          var bytes = whole
          bytes[place] = value
          try bytes.write(to: url)
          _ = try? read(url)
        }
      }
    }
  }

  func testWritesLevel4AsPhysioNetDoes() throws {
    try MATLABFile.write(row, to: path("w.mat"))
    let written = try Data(contentsOf: folder.appendingPathComponent("w.mat"))
    XCTAssertEqual(written, try Data(contentsOf: fixture("matlab/level4.mat")))
    XCTAssertEqual(try read(folder.appendingPathComponent("w.mat")), row)
  }
}
