import Foundation
import XCTest

@testable import Recordings
@testable import Signals

/// Files of the WFDB software: against the wfdb package (Tests/Reference/wfdb_files.py), and by header(5), signal(5)
/// and annot(5).
final class WFDBTests: XCTestCase {
  struct Listing: Decodable {
    let records: [Record]
    let synthetic: [SyntheticRecord]
  }
  struct Record: Decodable {
    let name: String
    let rate: Double
    let length: Int
    let leads: [String]
    let gains: [Double]
    let baselines: [Int]
    let comments: [String]
    let signals: [Signal]
    let annotations: [Annotation]
  }
  struct Signal: Decodable {
    let sum: Int
    let squares: Int
    let beginning: [Int]
    let end: [Int]
  }
  struct Annotation: Decodable {
    let sample: Int
    let symbol: String
    let subtype: Int
    let channel: Int
    let number: Int
    let text: String
  }
  struct SyntheticRecord: Decodable {
    let name: String
    let length: Int
    let signals: [Signal]
    let symbols: String
    let samples: [Int]
    let texts: [String]
    let hashes: [String]
  }

  static func listing() throws -> Listing {
    try JSONDecoder().decode(Listing.self, from: Data(contentsOf: fixture("wfdb.json")))
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: fixture("wfdb/\(name)")))
  }

  static func check(_ samples: [Int16], _ expected: Signal, _ name: String) {
    let all = samples.map(Int.init)
    XCTAssertEqual(all.reduce(0, +), expected.sum, name)
    XCTAssertEqual(all.reduce(0) { $0 + $1 * $1 }, expected.squares, name)
    XCTAssertEqual(Array(all.prefix(expected.beginning.count)), expected.beginning, name)
    XCTAssertEqual(Array(all.suffix(3)), expected.end, name)
  }

  func testWhatThePackageWritesIsReadAsThePackageReadsIt() throws {
    let records = try Self.listing().records
    XCTAssertEqual(records.map(\.name), ["three", "sixteen"])
    for expected in records {
      let header = WFDBHeader(try bytes(expected.name + ".hea"))
      XCTAssertEqual(header.unreadable, [])
      XCTAssertEqual(header.name, expected.name)
      XCTAssertEqual(header.rate, expected.rate)
      XCTAssertEqual(header.sampleCount, expected.length)
      XCTAssertEqual(header.signals.map(\.description), expected.leads)
      XCTAssertEqual(header.signals.map(\.gain), expected.gains)
      XCTAssertEqual(header.signals.map(\.baseline), expected.baselines)
      XCTAssertEqual(
        header.comments.map { $0.trimmingCharacters(in: .whitespaces) }, expected.comments)
      for (index, signal) in expected.signals.enumerated() {
        let samples = try WFDBSignals.samples(of: header, signal: index) { try bytes($0) }
        XCTAssertEqual(samples.count, expected.length)
        Self.check(samples, signal, "\(expected.name), signal \(index)")
      }
      let annotations = try WFDBAnnotations(bytes(expected.name + ".atr")).all
      XCTAssertEqual(annotations.count, expected.annotations.count)
      for (got, wanted) in zip(annotations, expected.annotations) {
        XCTAssertEqual(got.sample, wanted.sample)
        XCTAssertEqual(got.symbol, wanted.symbol.first)
        XCTAssertEqual(
          [got.subtype, got.channel, got.number], [wanted.subtype, wanted.channel, wanted.number])
        XCTAssertEqual(got.text, wanted.text)
      }
    }
  }

  // MARK: - Headers

  private func header(_ text: String) -> WFDBHeader { WFDBHeader(Array(text.utf8)) }

  /// The forms of header(5): what may be left out, and what may be added to a field.
  func testEveryFormOfTheLines() {
    let full = header(
      """
      # a comment before
      r1 3 360/720.5(-12) 1000 12:30:05 25/11/1999\r
      a.dat 212x4:3+512 100.5(1024)/mV 11 1024 -5 -22131 0 MLII\r
      b.dat 16\r

      c.dat 212 0 12 5
      #another
      """)
    XCTAssertEqual(full.unreadable, [])
    XCTAssertEqual(full.name, "r1")
    XCTAssertEqual(full.signalCount, 3)
    XCTAssertEqual([full.rate, full.counterRate, full.baseCounter], [360, 720.5, -12])
    XCTAssertEqual(full.sampleCount, 1000)
    XCTAssertEqual([full.time, full.date], ["12:30:05", "25/11/1999"])
    XCTAssertEqual(full.comments, [" a comment before", "another"])
    XCTAssertEqual(
      full.signals[0],
      .init(
        file: "a.dat", format: 212, samplesPerFrame: 4, skew: 3, offset: 512, gain: 100.5,
        baseline: 1024, unit: "mV", resolution: 11, zero: 1024, first: -5, checkSum: -22131,
        blockSize: 0, description: "MLII"))
    XCTAssertEqual(full.signals[1], .init(file: "b.dat", format: 16))
    XCTAssertEqual(
      full.signals[2], .init(file: "c.dat", format: 212, gain: 0, resolution: 12, zero: 5))
    XCTAssertEqual(header("r 0").signalCount, 0)
    XCTAssertEqual(header("r/7 2 128 100\nr_1 50\nr_2 50").segments, 7)
    let units = header("r 1 250.5\na 16+24 1000/uV 16 0 1 2 0 lead  of two words")
    XCTAssertEqual(units.rate, 250.5)
    XCTAssertEqual(units.signals[0].offset, 24)
    XCTAssertEqual(units.signals[0].unit, "uV")
    XCTAssertNil(units.signals[0].baseline)
    XCTAssertEqual(units.signals[0].description, "lead of two words")
  }

  func testFieldsThatCannotBeReadAreNamed() {
    for (text, part) in [
      ("", "it has no line of the record"),
      ("r", "has no number of signals"),
      ("r x", "the number of signals in the record's line is \"x\""),
      ("r 1 abc", "the sampling rate in the record's line is \"abc\""),
      ("r 1 -360", "the sampling rate"), ("r 1 nan", "the sampling rate"),
      ("r 1 0x10", "the sampling rate"), ("r 1 360/(", "the counter's rate"),
      ("r 1 360 -1", "the number of samples"), ("r/x 1", "the number of segments"),
      ("r 1\na", "signal 1 has no format"), ("r 1\na 212q", "the format in signal 1"),
      ("r 1\na 212x", "the format in signal 1"), ("r 1\na 212 q", "the gain in signal 1"),
      ("r 1\na 212 200(q)", "the baseline in signal 1"),
      ("r 1\na 212 200 q", "the resolution in signal 1"),
      ("r 1\na 212 200 12 0 1.5", "the first sample in signal 1 is \"1.5\""),
      ("r 1\na 212 200 12 0 1 99999999999999999999", "the check sum in signal 1"),
    ] {
      let unreadable = header(text).unreadable
      XCTAssertEqual(unreadable.count, 1, "\(text): \(unreadable)")
      XCTAssertTrue(unreadable.first?.contains(part) == true, "\(text): \(unreadable)")
    }
  }

  // MARK: - Signals

  /// The pairs of signal(5): 0x123 and 0x456 as 23 41 56, and negative ones.
  func testFormat212ByHand() throws {
    let header = header("r 2 360 2\na 212\na 212")
    let bytes: [UInt8] = [0x23, 0x41, 0x56, 0xFF, 0x8F, 0x00]
    let first = try WFDBSignals.samples(of: header, signal: 0) { _ in bytes }
    let second = try WFDBSignals.samples(of: header, signal: 1) { _ in bytes }
    XCTAssertEqual(first, [0x123, -1])
    XCTAssertEqual(second, [0x456, -2048])
    XCTAssertEqual(WFDBSignals.packed212([first, second]), bytes)
    XCTAssertEqual(WFDBSignals.packed212([[0x123]]), [0x23, 0x01, 0x00])
    XCTAssertEqual(WFDBSignals.packed212([[9999, -9999]]), [0xFF, 0x87, 0x00])
  }

  /// Several signals in one file, others in files of their own, one behind an offset.
  func testSignalsInSeveralFiles() throws {
    let header = header("r 3 360 2\na 16+4 200 16 0 1 3\nb 212 200 12 0 5 0\nb 212 200 12 0 7 15")
    let files: [String: [UInt8]] = [
      "a": [9, 9, 9, 9, 1, 0, 2, 0], "b": WFDBSignals.packed212([[5, 6], [7, 8]]),
    ]
    for (index, samples) in [[1, 2], [5, 6], [7, 8]].enumerated() {
      XCTAssertEqual(
        try WFDBSignals.samples(of: header, signal: index) { files[$0] }, samples.map(Int16.init))
    }
  }

  /// Samples that nobody counted, and half a pair at the end.
  func testTheNumberOfSamplesMayBeLeftOut() throws {
    let bytes = WFDBSignals.packed212([[1, 2, 3]])
    XCTAssertEqual(bytes.count, 6)
    let known = try WFDBSignals.samples(of: header("r 1 360 3\na 212"), signal: 0) { _ in bytes }
    XCTAssertEqual(known, [1, 2, 3])
    let short = try WFDBSignals.samples(of: header("r 1 360 3\na 212"), signal: 0) { _ in
      Array(bytes.dropLast())
    }
    XCTAssertEqual(short, [1, 2, 3])
    let open = try WFDBSignals.samples(of: header("r 1 360\na 16"), signal: 0) { _ in [1, 0, 2] }
    XCTAssertEqual(open, [1])
  }

  func testContradictionsAreSentences() {
    let files: [String: [UInt8]] = ["a": [1, 0, 2, 0, 3, 0, 4, 0]]
    for (text, part) in [
      ("r 1 360 5\na 16", "its header says 5 samples, a has 4"),
      ("r 1 360 3\na 16", "its header says 3 samples, a has 4"),
      ("r 1 360 1099511627776\na 16", "its header says 1099511627776 samples, a has 4"),
      ("r 1 360 4\na 16 200 16 0 7", "signal 1 begins with 7, it does with 1"),
      ("r 1 360 4\na 16 200 16 0 1 11", "the check sum 11 for signal 1, its samples have 10"),
      ("r 2 360 2\na 16\na 16 200 16 0 3", "signal 2 begins with 3, it does with 2"),
      ("r 2 360 2\na 16", "announces 2 signals and describes 1"),
      ("r 1 360 4\nb 16", "its header names b, which is missing"),
      ("r 1 360 4\n../a 16", "not beside the header"),
      ("r 1 360 4\na 80", "has the format 80; formats 16 and 212 are read"),
      ("r 1 360 4\na 16x2", "has 2 samples in a frame"),
      ("r 1 360 4\na 16:2", "is shifted by 2 frames"),
      ("r 1 360 4\na 16+9", "ends after 8 bytes, before its first sample"),
      ("r 2 360 2\na 16\na 212", "have different formats"),
      ("r/2 1 360 4\na 2\nb 2", "together from 2 segments"),
      ("r 1 360 4\na 16 x", "its header is damaged: the gain in signal 1"),
      ("r 0 360 4", "has 0 signals, and signal 1 is wanted"),
    ] {
      XCTAssertThrowsError(
        try WFDBSignals.samples(of: header(text), signal: 0) { files[$0] }, text
      ) {
        let error = "\($0)"
        XCTAssertTrue(error.contains(part), "\(text): \(error)")
      }
    }
  }

  // MARK: - Annotations

  /// What is written is read: gaps of all sizes, back in time too, texts, subtypes, channels, numbers.
  func testAnnotationsComeBack() throws {
    var all: [WFDBAnnotations.Annotation] = []
    var sample = 0
    for code in 1...49 {
      sample += [0, 1, 1023, 1024, 100_000, 1 << 20][code % 6]
      all.append(
        .init(
          sample: sample, code: UInt8(code), subtype: code % 5 - 2, channel: code / 20,
          number: code / 10 - 2, text: String(repeating: "x", count: code % 4)))
    }
    let annotations = WFDBAnnotations(all)
    XCTAssertEqual(try WFDBAnnotations(annotations.bytes()), annotations)
    XCTAssertEqual(try WFDBAnnotations([0, 0] as [UInt8]).all, [])
  }

  func testDamagedAnnotationsAreSentences() throws {
    let whole = WFDBAnnotations([.init(sample: 2000, code: 1, text: "(N")]).bytes()
    for length in 0..<whole.count {
      XCTAssertThrowsError(try WFDBAnnotations(Array(whole.prefix(length))), "\(length)") {
        XCTAssertTrue("\($0)".contains("annotation"), "\($0)")
      }
    }
    // code 50, and a text of 500 bytes that is not there
    XCTAssertThrowsError(try WFDBAnnotations([0, 50 << 2, 0, 0] as [UInt8])) {
      XCTAssertTrue("\($0)".contains("the code 50 at byte 0"), "\($0)")
    }
    XCTAssertThrowsError(try WFDBAnnotations([1, 4, 0xF4, 63 << 2 | 1, 0, 0] as [UInt8])) {
      XCTAssertTrue("\($0)".contains("beyond the end"), "\($0)")
    }
  }

  /// A word before the first annotation belongs to none.
  func testWordsBeforeTheFirstAnnotation() throws {
    let annotations = try WFDBAnnotations([5, 61 << 2, 2, 62 << 2, 1, 4, 0, 0] as [UInt8]).all
    XCTAssertEqual(annotations, [.init(sample: 1, code: 1, channel: 2)])
  }
}
