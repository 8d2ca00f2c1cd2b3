import Archives
import Foundation
import XCTest

@testable import Recordings
@testable import Signals

/// Records as the challenge and PTB-XL publish them.
final class TwelveLeadFileTests: FolderTestCase {
  private func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: fixture("twelve-leads/\(name)")))
  }

  private func digits(_ name: String) throws -> TwelveLeadDigits {
    try TwelveLeadDigits(WFDBHeader(try bytes("\(name).hea")), name: name) { try bytes($0) }
  }

  /// Every form of header that the challenge and PTB-XL have, by SciPy and wfdb: gains, zeros, formats, order and names
  /// of the leads.
  func testFormsAsSciPyAndWFDB() throws {
    for form in try TwelveLeadFixture.read().forms {
      let own = try digits(form.name)
      XCTAssertEqual(own.leads.count, 12)
      for lead in 0..<12 {
        let values = TwelveLeadSignal.millivolts(own.leads[lead], own.scales[lead])
        XCTAssertEqual(values.count, form.values[lead].count)
        for (ours, theirs) in zip(values, form.values[lead]) {
          XCTAssertEqual(ours, theirs, accuracy: 1e-12, "\(form.name), lead \(lead)")
        }
      }
      XCTAssertEqual(own.rate, form.name.hasSuffix("_lr") ? 100 : 500)
    }
  }

  func testCodesAreMergedAndEachIsThereOnce() throws {
    let codes = try ["Q0001", "HR0002", "E0003", "S0004"].map {
      try digits($0).record($0, codes: nil, fold: nil).codes
    }
    XCTAssertEqual(
      codes, [["413844008", "164867002", "426627000"], ["59118001"], ["284470004"], []])
    XCTAssertEqual(
      DiagnosisCodes.merged(["63593006", " 17338001", "733534002", "284470004", ""]),
      ["284470004", "427172004", "164909002"])
  }

  func testSetsByName() {
    XCTAssertEqual(
      [
        "A0001", "Q0001", "I0001", "S0001", "HR00001", "E00001", "JS00001", "JS10646", "JS10647",
        "00001_lr", "00001_hr", "X00001", "Y00001", "B1", "JS", "HR1x", "_lr", "",
      ].map(RecordOrigin.set),
      [
        "CPSC", "CPSC-Extra", "St Petersburg", "PTB", "PTB-XL", "Georgia", "Chapman-Shaoxing",
        "Chapman-Shaoxing", "Ningbo", "PTB-XL", "PTB-XL", "synthetic",
        "synthetic, another device", "unknown", "unknown", "unknown", "unknown", "unknown",
      ])
  }

  /// A header with one thing changed, and what is said of it.
  func testDamageIsSaidInASentence() throws {
    let header = String(decoding: try bytes("Q0001.hea"), as: UTF8.self)
    let matrix = try bytes("Q0001.mat")
    let cases: [(String, String, String)] = [
      ("Q0001 12", "Q0002 12", "its header is that of \"Q0002\""),
      ("Q0001 12 500 40", "Q0001 12", "its header says no rate"),
      (" V3\n", " V9\n", "its header has no lead V3"),
      (" V3\n", " V2\n", "its header has the lead V2 twice"),
      ("1000/mV", "1000/kg", "lead I is measured in \"kg\", not in mV"),
      ("1000/mV", "0/mV", "its header says no gain of lead I"),
      ("1000/mV", "1e-300/mV", "lead I has the gain 1e-300, which no device has"),
      ("500 40", "500 41", "its header says 41 samples, Q0001.mat has 40"),
      (
        "16+24 1000/mV 16 0 32767", "16+24 1000/mV 16 0 32766",
        "its header says that signal 1 begins with 32766"
      ),
      ("Q0001 12 500", "Q0001 12 5", "its header says 5 Hz, which is no rate for a heart"),
    ]
    for (old, new, sentence) in cases {
      let changed = header.replacingOccurrences(of: old, with: new)
      XCTAssertNotEqual(changed, header, old)
      XCTAssertThrowsError(
        try TwelveLeadDigits(WFDBHeader(Array(changed.utf8)), name: "Q0001") { _ in matrix }
          .record("Q0001", codes: nil, fold: nil)
      ) { XCTAssertTrue("\($0)".contains(sentence), "\($0) is not: \(sentence)") }
    }
    // and of a check sum
    let sum = try XCTUnwrap(WFDBHeader(Array(header.utf8)).signals[0].checkSum)
    let changed = header.replacingOccurrences(of: " \(sum) 0 I\n", with: " \(sum + 1) 0 I\n")
    XCTAssertThrowsError(
      try TwelveLeadDigits(WFDBHeader(Array(changed.utf8)), name: "Q0001") { _ in matrix }
    ) {
      XCTAssertEqual(
        "\($0)", "its header has the check sum \(sum + 1) for signal 1, its samples have \(sum)")
    }
    for (file, sentence) in [
      (Array(matrix.dropLast()), "Q0001.mat is damaged: it announces 12 x 40 elements"),
      ([1, 2, 3], "Q0001.mat is not a MATLAB file or is cut off"),
      ([40] + matrix.dropFirst(), "Q0001.mat has no matrix of 16-bit numbers of MATLAB's level 4"),
      (matrix + [0], "Q0001.mat is damaged"),
      (
        Array(matrix[..<4]) + [6, 0, 0, 0, 80] + matrix[9...],
        "12 signals in Q0001.mat, which has 6 rows"
      ),
    ] {
      XCTAssertThrowsError(
        try TwelveLeadDigits(WFDBHeader(Array(header.utf8)), name: "Q0001") { _ in file }
      ) { XCTAssertTrue("\($0)".contains(sentence), "\($0) is not: \(sentence)") }
    }
    let shifted = header.replacingOccurrences(of: "16+24", with: "16")
    XCTAssertThrowsError(
      try TwelveLeadDigits(WFDBHeader(Array(shifted.utf8)), name: "Q0001") { _ in matrix }
    ) {
      XCTAssertEqual(
        "\($0)",
        "its header says that the samples of Q0001.mat begin at byte 0, they do at 24")
    }
  }

  /// Copies fixtures into the test's folder.
  private func copy(_ names: [String], to subfolder: String) throws {
    try FileManager.default.createDirectory(
      atPath: path(subfolder), withIntermediateDirectories: true)
    for name in names {
      try Data(try bytes(name)).write(to: folder.appendingPathComponent("\(subfolder)/\(name)"))
    }
  }

  func testFoldersAndArchivesAtAnyDepth() throws {
    try copy(["Q0001.hea", "Q0001.mat"], to: "a/WFDB_CPSC2018_2/g1")
    try copy(["E0003.mat", "E0003.hea"], to: "a/WFDB_Ga/g1")
    try copy(["S0004.hea"], to: "a/WFDB_PTB/g1")
    XCTAssertThrowsError(try TwelveLeadFiles.read(path("a"))) {
      XCTAssertEqual(
        $0 as? RecordingError,
        .damagedRecord(
          member: path("a/WFDB_PTB/g1/S0004"), problem: "S0004.mat is missing"))
    }
    let read = try TwelveLeadFiles.read(path("a"), strict: false)
    XCTAssertEqual(read.records.map(\.name), ["E0003", "Q0001"])
    XCTAssertEqual(read.skipped.map(\.name), ["S0004"])
    try ZipArchive.write(to: path("a.zip")) { add in
      for name in ["g1/Q0001.mat", "g2/E0003.hea", "g2/E0003.mat", "g1/Q0001.hea"] {
        try add(name, try bytes(String(name.dropFirst(3))))
      }
    }
    XCTAssertEqual(try TwelveLeadFiles.read(path("a.zip")).records, read.records)
    try copy(["Q0001.hea", "Q0001.mat"], to: "a/again")
    XCTAssertThrowsError(try TwelveLeadFiles.read(path("a"), strict: false)) {
      XCTAssertEqual(
        $0 as? RecordingError, .duplicatedMember(path: path("a"), record: "Q0001"))
    }
  }

  /// PTB-XL's codes and parts by either table.
  func testTablesOfPTBXL() throws {
    try copy(["00005_lr.hea", "00005_lr.dat"], to: "p/records100/00000")
    XCTAssertThrowsError(try TwelveLeadFiles.read(path("p"), strict: false)) {
      XCTAssertTrue("\($0)".contains("PTB-XL's diagnoses are in labels.csv"), "\($0)")
    }
    let statements = """
      ecg_id,scp_codes,heart_axis,strat_fold,filename_lr,report
      5,"{'NORM': 100.0, 'LVOLT': 0.0, 'SR': 0.0}",ALAD,9.0,records100/00000/00005_lr,"a, ""b""
      c"

      """
    try write(statements, to: "p/ptbxl_database.csv")
    try write("scp_code,snomed\nSR,426783006\nLVOLT,251146004\n", to: "p/scp-to-snomed.csv")
    let read = try TwelveLeadFiles.read(path("p")).records
    XCTAssertEqual(read.map(\.codes), [["251146004", "426783006", "39732003"]])
    XCTAssertEqual(read.map(\.fold), [9])
    XCTAssertEqual(read.map(\.origin), ["PTB-XL"])
    // the course's own table comes first
    try write(
      "filename_lr,strat_fold,snomed\nrecords100/00000/00005_lr,3,733534002;164909002\n"
        + "records100/00000/00006_lr,3,\n", to: "p/labels.csv")
    let other = try TwelveLeadFiles.read(path("p"), strict: false)
    XCTAssertEqual(other.records.map(\.codes), [["164909002"]])
    XCTAssertEqual(other.records.map(\.fold), [3])
    XCTAssertEqual(other.skipped.map(\.name), ["00006_lr"])
    for (text, line, problem) in [
      ("filename_lr,strat_fold\n", 1, "it has no column snomed"),
      ("filename_lr,strat_fold,snomed\na_lr,11,1\n", 2, "\"11\" is no official part from 1 to 10"),
      ("filename_lr,strat_fold,snomed\n\na,1,1\n", 3, "\"a\" is no record at 100 Hz"),
      ("filename_lr,strat_fold,snomed\na_lr,1\n", 2, "it has 2 cells, the first line 3"),
      ("filename_lr,strat_fold,snomed\na_lr,1,1\nb/a_lr,1,1\n", 3, "a_lr has a line already"),
      ("", 1, "it has no line of names"),
    ] {
      try write(text, to: "p/labels.csv")
      assertThrows(.damagedTable(path: path("p/labels.csv"), line: line, problem: problem)) {
        try TwelveLeadFiles.read(path("p"), strict: false)
      }
    }
    try write("filename_lr,strat_fold,snomed\na_lr,1,\"1\n", to: "p/labels.csv")
    assertThrows(
      .unreadable(
        path: path("p/labels.csv"), detail: "the quote that begins in line 2 is never closed")
    ) {
      try TwelveLeadFiles.read(path("p"), strict: false)
    }
  }

  /// Of a record at 100 and at 500 Hz the first is read; at 500 Hz alone, that one.
  func testBothRatesOfPTBXL() throws {
    try write("filename_lr,strat_fold,snomed\nx/00005_lr,10,1\n", to: "p/labels.csv")
    let fine = String(decoding: try bytes("00005_lr.hea"), as: UTF8.self)
      .replacingOccurrences(of: "00005_lr", with: "00005_hr")
      .replacingOccurrences(of: " 12 100 ", with: " 12 500 ")
    try write(fine, to: "p/records500/00005_hr.hea")
    try Data(try bytes("00005_lr.dat"))
      .write(to: folder.appendingPathComponent("p/records500/00005_hr.dat"))
    let read = try TwelveLeadFiles.read(path("p")).records
    XCTAssertEqual(read.map(\.name), ["00005_hr"])
    XCTAssertEqual(read.map(\.rate), [500])
    XCTAssertEqual(read.map(\.count), [8])
    XCTAssertEqual(read.map(\.fold), [10])
    try copy(["00005_lr.hea", "00005_lr.dat"], to: "p/records100")
    XCTAssertEqual(try TwelveLeadFiles.read(path("p")).records.map(\.name), ["00005_lr"])
  }

  func testStoresKeepAllAndDamageIsFound() throws {
    let set = SyntheticTwelveLeads.make(count: 6, seed: 3) { _, _ in }
    let store = try set.save(in: folder.path)
    let read = try TwelveLeadStore.load(store)
    XCTAssertEqual(read.records, set.records)
    XCTAssertTrue(read.isSynthetic)
    XCTAssertEqual(read.source, "synthetic recordings, seed 3")
    XCTAssertEqual(try TwelveLeadSet.find(folder.path), .store(path: store))
    XCTAssertThrowsError(try read.write(to: path("out")) { _, _ in }) {
      XCTAssertTrue("\($0)".contains("only the signal at 100 Hz is kept"), "\($0)")
    }
    var bytes = try Data(contentsOf: URL(fileURLWithPath: store))
    bytes[bytes.count - 7] ^= 1
    try bytes.write(to: URL(fileURLWithPath: store))
    assertThrows(.damagedStore(path: store, problem: "its check sum is wrong")) {
      try TwelveLeadStore.load(store)
    }
  }

  func testNothingToRead() throws {
    try FileManager.default.createDirectory(atPath: path("e"), withIntermediateDirectories: true)
    assertThrows(.noRecordings(path: path("e"), wanted: TwelveLeadFiles.wanted)) {
      try TwelveLeadFiles.read(path("e"))
    }
    try write("r 1 360\nr.dat 16\n", to: "e/r.hea")
    XCTAssertThrowsError(try TwelveLeadFiles.read(path("e"), strict: false)) {
      XCTAssertTrue("\($0)".contains("None of the 1 recordings"), "\($0)")
    }
  }
}
