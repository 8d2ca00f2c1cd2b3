import Foundation
import TestSupport
import XCTest

@testable import Recordings

/// Files by SciPy's savemat, by Tests/Reference/matlab.py.
final class MATLABFileTests: FolderTestCase {
  private let row: [Int16] = [-32768, -3, 0, 7, 1000, 32767]

  private func read(_ bytes: some Sequence<UInt8>, _ scratch: ScratchFile? = nil) throws -> [Int16]
  {
    try MATLABFile.readSamples(
      Array(bytes), member: "m.mat", scratch: scratch ?? ScratchFile())
  }

  private func read(_ url: URL) throws -> [Int16] { try read(Data(contentsOf: url)) }

  func testReadsWhatSciPyWrites() throws {
    for name in [
      "level4", "level4-double", "level4-others", "level5", "level5-compressed", "level5-column",
      "level5-int64", "level5-double", "level5-others",
    ] {
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

  /// Who reads before trying finds the sentence that a try would give.
  func testTheRefusalOfLevel73IsDocumented() throws {
    let sentence = "\(RecordingError.newerMATLAB(member: "…"))"
    let readme = try String(
      contentsOf: Repository.folder.appendingPathComponent("README.md"), encoding: .utf8)
    let help = try Program.rhythm.run(
      ["data", "import", "--help"], in: NSTemporaryDirectory(),
      environment: ["RHYTHMLAB_ROOT": Repository.root])
    for text in [readme, help.output] {
      let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      XCTAssertTrue(line.contains(sentence), "\(sentence) is not in \(text.prefix(3000))")
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

  private struct Verdicts: Decodable {
    let verdict: String
    let others: [[Double]]
  }

  /// Each byte of files changed in three ways, each length, a byte inserted at each place, as the script
  /// makes them: what is read is what SciPy reads. Where SciPy reads and this refuses, it is for a reason
  /// of the list.
  func testReadsNothingOfDamagedFilesThatSciPyDoesNot() throws {
    let scratch = try ScratchFile()
    let verdicts = try JSONDecoder().decode(
      [String: Verdicts].self, from: Data(contentsOf: fixture("matlab/damaged.json")))
    XCTAssertEqual(verdicts.count, 9)
    var stricter: [String: Int] = [:]
    var read = 0
    for (name, verdicts) in verdicts {
      let whole = try [UInt8](Data(contentsOf: fixture("matlab/\(name).mat")))
      let files = damaged(whole)
      XCTAssertEqual(files.count, verdicts.verdict.count, name)
      var others = verdicts.others[...]
      for (index, (file, verdict)) in zip(files, verdicts.verdict).enumerated() {
        let expected: [Double]? =
          verdict == "=" ? row.map(Double.init) : verdict == "d" ? others.removeFirst() : nil
        do {
          let samples = try self.read(file, scratch)
          XCTAssertEqual(samples.map(Double.init), expected, "\(name), damage \(index)")
          read += 1
        } catch let error as RecordingError {
          guard let expected, expected.allSatisfy({ Int16(exactly: $0) != nil }) else { continue }
          stricter["\(error)".replacing(/[0-9]+/, with: "N"), default: 0] += 1
        }
      }
    }
    XCTAssertEqual(read, 2556)
    // SciPy looks at no tag of flags, at no negative size of what it passes over, at no order of bytes
    // but the first, and reads a size that goes beyond the end as far as there are bytes.
    XCTAssertEqual(
      stricter,
      [
        "m.mat is not a MATLAB file or is cut off; fetch it again.": 56,
        "m.mat is damaged: it announces N bytes where N follow; fetch it again.": 44,
        "m.mat is damaged: an element of a variable announces N bytes where N follow; fetch it again.":
          33,
        "m.mat is damaged: a variable has no flags; fetch it again.": 24,
        "m.mat is damaged: it has a variable of impossible sizes at byte N; fetch it again.": 22,
        "m.mat is damaged: it has an element of N bytes where at most N have room; fetch it again.":
          15,
        "m.mat is damaged: a variable has negative sizes; fetch it again.": 12,
        "m.mat is damaged: its compressed bytes are damaged: they end early; fetch it again.": 5,
        "m.mat is damaged: it has a variable whose name is none at byte N; fetch it again.": 5,
        "m.mat is damaged: its elements are stored as type N, which class N cannot hold; fetch it again.":
          3,
        "m.mat is damaged: it announces N x N elements and stores N bytes; fetch it again.": 2,
      ])
  }

  /// What a file announces is compared with its bytes before anything is allocated.
  func testWhatAFileAnnouncesIsNotBelieved() throws {
    var name = try [UInt8](Data(contentsOf: fixture("matlab/level4.mat")))
    name.replaceSubrange(16..<20, with: [0xFF, 0xFF, 0xFF, 0x7F])
    assertThrows(.notMATLAB(member: "m.mat")) {
      try read(name + [UInt8](repeating: 0, count: 600))
    }
    // the sizes of level 5 are behind 128 bytes, a tag, the flags and a tag
    var sizes = try [UInt8](Data(contentsOf: fixture("matlab/level5.mat")))
    sizes.replaceSubrange(164..<168, with: [0x2C, 1, 0, 0])
    assertThrows(
      .damagedMATLAB(
        member: "m.mat", problem: "it announces 1 x 300 elements and stores 12 bytes")
    ) { try read(sizes) }
    var newer = sizes
    newer[125] = 2
    assertThrows(.newerMATLAB(member: "m.mat")) { try read(newer) }
    let twice = try [UInt8](Data(contentsOf: fixture("matlab/level4.mat")))
    assertThrows(
      .damagedMATLAB(member: "m.mat", problem: "it has the variable val twice")
    ) { try read(twice + twice) }
    assertThrows(
      .damagedMATLAB(member: "m.mat", problem: "it has bytes of no variable at byte 36")
    ) { try read(twice + [0]) }
  }

  private func damaged(_ whole: [UInt8]) -> [[UInt8]] {
    var files: [[UInt8]] = []
    for mask in [0x01, 0x80, 0xFF] as [UInt8] {
      for place in whole.indices {
        var bytes = whole
        bytes[place] ^= mask
        files.append(bytes)
      }
    }
    for length in whole.indices { files.append(Array(whole[..<length])) }
    for byte in [0x00, 0x41] as [UInt8] {
      for place in 0...whole.count {
        files.append(whole[..<place] + [byte] + whole[place...])
      }
    }
    return files
  }

  func testWritesLevel4AsPhysioNetDoes() throws {
    try MATLABFile.write(row, to: path("w.mat"))
    let written = try Data(contentsOf: folder.appendingPathComponent("w.mat"))
    XCTAssertEqual(written, try Data(contentsOf: fixture("matlab/level4.mat")))
    XCTAssertEqual(try read(folder.appendingPathComponent("w.mat")), row)
  }
}
