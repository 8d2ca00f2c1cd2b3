import Archives
import Foundation
import TestSupport
import XCTest

@testable import Recordings
@testable import Signals

final class RecordingArchiveTests: FolderTestCase {
  private func labels(_ text: String) throws -> [String] {
    try ReferenceLabels(Array(text.utf8), path: "R.csv").rows.map {
      "\($0.line) \($0.record) \($0.label.rawValue)"
    }
  }

  func testLabelFile() throws {
    XCTAssertEqual(
      try labels("A1,N\nA2,A\n\nA3,O\nA4,~\n"), ["1 A1 N", "2 A2 A", "4 A3 O", "5 A4 ~"])
    XCTAssertEqual(try labels("\u{FEFF}A1,N\r\nA2,A"), ["1 A1 N", "2 A2 A"])
  }

  func testLabelFileErrorsNameTheLine() {
    let cases = [
      ("A1,N\nA2,X\n", "R.csv, line 2: unknown label \"X\" of record A2; the labels are N"),
      ("A1,N\nA2\n", "R.csv, line 2: expected record,label such as A00001,N, found \"A2\"."),
      ("A1,N,3\n", "R.csv, line 1: expected record,label"),
      ("../A1,N\n", "R.csv, line 1: expected record,label"),
      ("A1,N\nA2,A\nA1,N\n", "R.csv, line 3: record A1 was already listed in line 1; remove one."),
      ("\n", "R.csv, line 1: the file lists no records."),
    ]
    for (text, message) in cases {
      XCTAssertThrowsError(try labels(text)) {
        XCTAssertTrue("\($0)".hasPrefix(message), "\($0)")
      }
    }
  }

  func testFolderInAnyDepthOfOne() throws {
    let made = try makeFolder("outer/training2017")
    XCTAssertEqual(try RecordingArchive.read(path("outer/training2017")).all, made.all)
    XCTAssertEqual(try RecordingArchive.read(path("outer")).all, made.all)
  }

  func testArchive() throws {
    let made = try makeFolder("training2017", count: 70)
    try tar("training2017")
    var reports: [String] = []
    let read = try RecordingArchive.read(path("a.tar.gz")) { reports.append("\($0)/\($1)") }
    XCTAssertEqual(read.all, made.all)
    XCTAssertEqual(reports, ["64/70", "70/70"])
  }

  func testATruncatedArchiveIsAnError() throws {
    try makeFolder("training2017")
    try tar("training2017")
    let url = folder.appendingPathComponent("a.tar.gz")
    let whole = try Data(contentsOf: url)
    for length in [whole.count / 2, whole.count - 20] {
      try whole.prefix(length).write(to: url)
      XCTAssertThrowsError(try RecordingArchive.read(url.path), "cut to \(length)") {
        XCTAssertEqual($0 as? ArchiveError, .truncated(path: url.path), "\($0)")
      }
    }
  }

  func testBadFoldersAndArchives() throws {
    let empty = path("empty")
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
    assertThrows(.noRecordings(path: empty)) { try RecordingArchive.read(empty) }
    assertThrows(.missing(path: path("no.zip"))) { try RecordingArchive.read(path("no.zip")) }

    try makeFolder("d")
    try FileManager.default.removeItem(atPath: path("d/A00002.mat"))
    assertThrows(
      .missingRecord(path: path("d/REFERENCE.csv"), line: 2, record: "A00002")
    ) { try RecordingArchive.read(path("d")) }
    try tar("d")
    XCTAssertThrowsError(try RecordingArchive.read(path("a.tar.gz"))) {
      XCTAssertTrue("\($0)".contains("line 2: record A00002 is listed but"), "\($0)")
    }

    try makeFolder("e")
    try write("A00001,N\nA00002,N\nA00003,A\n", to: "e/REFERENCE.csv")
    assertThrows(.unlistedRecord(path: path("e"), record: "A00004")) {
      try RecordingArchive.read(path("e"))
    }
    try FileManager.default.removeItem(atPath: path("e/REFERENCE.csv"))
    assertThrows(.noLabelFile(path: path("e"))) { try RecordingArchive.read(path("e")) }

    try makeFolder("f")
    try write("no MATLAB file", to: "f/A00003.mat")
    assertThrows(.notMATLAB(member: path("f/A00003.mat"))) { try RecordingArchive.read(path("f")) }

    try write("no archive", to: "text.zip")
    XCTAssertThrowsError(try RecordingArchive.read(path("text.zip"))) {
      XCTAssertEqual($0 as? ArchiveError, .notAnArchive(path: self.path("text.zip")))
    }
  }

  // MARK: - Leaving out

  func testDamagedMissingAndUnlistedRecordingsAreLeftOutByName() throws {
    let made = try makeFolder("d", count: 8)
    try FileManager.default.removeItem(atPath: path("d/A00002.mat"))
    try write("no MATLAB file", to: "d/A00003.mat")
    try FileManager.default.copyItem(atPath: path("d/A00001.mat"), toPath: path("d/A00009.mat"))
    let expected = made.filter { !["A00002", "A00003"].contains($0.name) }
    try tar("d")
    for place in [path("d"), path("a.tar.gz")] {
      let read = try RecordingArchive.read(place, strict: false)
      XCTAssertEqual(read.all, expected)
      XCTAssertEqual(read.skipped.map(\.name), ["A00002", "A00003", "A00009"])
      for (skipped, part) in zip(
        read.skipped, ["line 2: record A00002 is listed", "A00003.mat is not a", "A00009.mat but"])
      {
        XCTAssertTrue(skipped.problem.contains(part), skipped.problem)
      }
      XCTAssertThrowsError(try RecordingArchive.read(place))
    }
    XCTAssertEqual(try RecordingArchive.read(path("d"), strict: false).labelRevision, .unknown)
  }

  /// A wrong check sum lets libarchive read on, undecodable data do not: neither costs the others.
  func testDamagedEntriesOfAZipAreLeftOut() throws {
    let made = try makeFolder("d", count: 8)
    var entries: [(name: String, contents: [UInt8])] = []
    for name in try names("d") {
      let file = folder.appendingPathComponent("d/" + name)
      entries.append(("t/" + name, Array(try Data(contentsOf: file))))
    }
    var bytes = ZipWriter.bytes(entries)
    func places(_ name: String) throws -> [Int] {
      let found = bytes.indices.filter { bytes[$0...].starts(with: Array("t/\(name).mat".utf8)) }
      XCTAssertEqual(found.count, 2, name)
      return found
    }
    // Some sample of one; the method, deflate instead of stored, of two others.
    bytes[try places("A00004")[0] + 2000] ^= 1
    for name in ["A00006", "A00001"] {
      let (local, central) = (try places(name)[0], try places(name)[1])
      bytes[local - 30 + 8] = 8
      bytes[central - 46 + 10] = 8
    }
    try Data(bytes).write(to: folder.appendingPathComponent("a.zip"))
    let read = try RecordingArchive.read(path("a.zip"), strict: false)
    XCTAssertEqual(read.skipped.map(\.name), ["A00001", "A00004", "A00006"])
    XCTAssertEqual(
      read.all, made.filter { !["A00001", "A00004", "A00006"].contains($0.name) })
    XCTAssertThrowsError(try RecordingArchive.read(path("a.zip"))) {
      guard case .some(.unreadable(_, .some, _)) = $0 as? ArchiveError else {
        return XCTFail("\($0)")
      }
    }
  }

  func testASetWithoutOneReadableRecordingIsAnError() throws {
    try write("A1,N\nA2,A\n", to: "d/REFERENCE.csv")
    XCTAssertThrowsError(try RecordingArchive.read(path("d"), strict: false)) {
      guard case .noneUsable(_, let refused)? = $0 as? RecordingError else {
        return XCTFail("\($0)")
      }
      XCTAssertEqual(refused.map(\.name), ["A1", "A2"])
      XCTAssertTrue("\($0)".contains("the first, A1: "), "\($0)")
      XCTAssertTrue("\($0)".contains("A1.mat is missing"), "\($0)")
    }
  }

  func testPhysioNetsTreeAtAnyDepth() throws {
    try makeFolder("top/1.0.0/training")
    let manager = FileManager.default
    let home = path("top/1.0.0/training")
    try manager.createDirectory(atPath: home + "/A00", withIntermediateDirectories: true)
    for name in try manager.contentsOfDirectory(atPath: home)
    where name.hasSuffix(".mat") || name.hasSuffix(".hea") {
      try manager.moveItem(atPath: home + "/" + name, toPath: home + "/A00/" + name)
    }
    let whole = try RecordingArchive.read(home)
    XCTAssertFalse(whole.isEmpty)
    XCTAssertEqual(try RecordingArchive.read(path("top")).all, whole.all)
    // the validation set beside it has recordings of the training set again
    let one = try XCTUnwrap(whole.first?.name)
    try write("\(one),N\n", to: "top/1.0.0/validation/REFERENCE.csv")
    try manager.copyItem(
      atPath: home + "/A00/\(one).mat", toPath: path("top/1.0.0/validation/\(one).mat"))
    XCTAssertEqual(try RecordingArchive.read(path("top")).all, whole.all)
    try tar("top")
    XCTAssertEqual(try RecordingArchive.read(path("a.tar.gz")).all, whole.all)
  }

  /// Headers in every form that header(5) has, as the wfdb package reads them: by
  /// Tests/Reference/wfdb_headers.py.
  func testHeadersAreReadAsWFDBReadsThem() throws {
    struct Case: Decodable {
      let text: String
      let rate: Double?
      let count: Double?
      let gain: Double?
      let first: Double?
      let sum: Double?
    }
    let cases = try JSONDecoder().decode(
      [Case].self, from: Data(contentsOf: fixture("wfdb-headers.json")))
    XCTAssertEqual(cases.count, 30)
    for expected in cases {
      let read = WFDBHeader(Array(expected.text.utf8))
      let signal = try XCTUnwrap(read.signals.first, expected.text.debugDescription)
      XCTAssertEqual(
        [
          read.rate, read.sampleCount.map(Double.init), signal.gain, signal.first.map(Double.init),
          signal.checkSum.map(Double.init),
        ], [expected.rate, expected.count, expected.gain, expected.first, expected.sum],
        expected.text.debugDescription)
    }
  }

  func testHeadersThatContradictTheirRecordings() throws {
    let samples: [Int16] = [5, -3, 7]
    func problem(_ record: String, _ signal: String) -> String? {
      ChallengeHeader.contradiction(
        Array("# made\nA1 \(record)\nA1.mat 16+24 \(signal)\n".utf8), of: samples)
    }
    XCTAssertNil(problem("1 300 3", "1000/mV 16 0 5 9 0 ECG"))
    // PhysioNet's own have times and no sums
    XCTAssertNil(problem("1 300 3 08:03:08 1/03/2000", "1000/mV 16 0 5 0 0 ECG"))
    XCTAssertNil(problem("1", "0"))
    // that of A00013 on PhysioNet, whose first sample is -20 and not 3
    XCTAssertNil(
      ChallengeHeader.contradiction(
        Array(
          "A00013 1 300 3 06:01:01 1/06/2000 \r\nA00013.mat 16+24 1000/mV 16 0 3 0 0 ECG \r\n".utf8),
        of: [-20, -27, -33]))
    for (record, signal, part) in [
      ("1 500 3", "1000/mV 16 0 5 9 0", "500 Hz"), ("1 300 4", "1000/mV 16 0 5 9 0", "4 samples"),
      ("1 300 3", "200(0)/mV 16 0 5 9 0", "200 units"), ("1 300 3", "1000/mV 16 0 5 8 0", "sum 8"),
      ("1 300 3", "1000/mV 16 0 6 9 0", "begins with 6"),
    ] {
      XCTAssertTrue(problem(record, signal)?.contains(part) == true, "\(record), \(signal)")
    }
    XCTAssertEqual(ChallengeHeader.contradiction(Array("A1 x y".utf8), of: samples), nil)
    // a microvolt is the thousandth of a millivolt
    XCTAssertNil(problem("1 300 3", "1/uV 16 0 5 9 0"))
    XCTAssertTrue(
      problem("1 300 3", "1000/uV 16 0 5 9 0")?.contains("1000000 units") == true)
    // one such recording is left out and named, all such are an error with the first reason
    let made = try makeFolder("d")
    for (index, recording) in made.enumerated() {
      try write(
        "\(recording.name) 1 \(index == 0 ? 500 : 300) \(recording.samples.count)\n",
        to: "d/\(recording.name).hea")
    }
    let read = try RecordingArchive.read(path("d"), strict: false)
    XCTAssertEqual(read.skipped.map(\.name), [made[0].name])
    XCTAssertEqual(read.all, Array(made.all.dropFirst()))
    try tar("d")
    XCTAssertEqual(try RecordingArchive.read(path("a.tar.gz"), strict: false).all, read.all)
    for recording in made { try write("\(recording.name) 1 500 \n", to: "d/\(recording.name).hea") }
    XCTAssertThrowsError(try RecordingArchive.read(path("d"), strict: false)) {
      XCTAssertTrue("\($0)".contains("500 Hz"), "\($0)")
    }
  }

  private func tar(_ folder: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["tar", "-czf", path("a.tar.gz"), "-C", path(""), folder]
    try process.run()
    process.waitUntilExit()
    XCTAssertEqual(process.terminationStatus, 0)
  }
}
