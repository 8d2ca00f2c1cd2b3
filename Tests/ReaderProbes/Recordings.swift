import CZlib
import Foundation
import Recordings
import Signals

/// What deflate can at most make of a byte, and a little. Source: zlib's "Technical Details", 1032:1.
private let largestInflation = 1040

extension ReaderProbe {
  /// Samples are no more than the bytes can hold, and those that are written are read.
  func readMATLAB(_ bytes: [UInt8]) throws {
    let scratch = try ScratchFile()
    let samples = try MATLABFile.readSamples(bytes, member: "a.mat", scratch: scratch)
    try BrokenProperty.unless(
      samples.count <= largestInflation * bytes.count, "\(samples.count) samples")
    let copy = NSTemporaryDirectory() + "rhythmlab-probe-\(getpid()).mat"
    defer { unlink(copy) }
    let again = try BrokenProperty.unlessWorks {
      try MATLABFile.write(samples, to: copy)
      let written = [UInt8](try Data(contentsOf: URL(fileURLWithPath: copy)))
      return try MATLABFile.readSamples(written, member: "b.mat", scratch: scratch)
    }
    try BrokenProperty.unless(
      again == samples, "other samples are read than were written")
  }

  /// A contradiction is said in words; what is written of the bytes as samples contradicts nothing.
  func readHeader(_ bytes: [UInt8]) throws {
    if let problem = ChallengeHeader.contradiction(bytes, of: [3, -2, 1]) {
      try BrokenProperty.unlessSentence(problem, ofBytes: bytes.count)
    }
    let samples = stride(from: 0, to: bytes.count - 1, by: 2).map {
      Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)
    }
    let recording = Recording(name: "A00001", label: .normal, samples: samples)
    for isSynthetic in [false, true] {
      let text = Array(ChallengeHeader.text(recording, isSynthetic: isSynthetic).utf8)
      let problem = ChallengeHeader.contradiction(text, of: samples)
      try BrokenProperty.unless(problem == nil, problem ?? "")
      try BrokenProperty.unless(
        WFDBHeader(text).isSynthetic == isSynthetic, "a header does not say what it is")
    }
  }

  /// Samples are no more than the bytes can hold, whatever the header says.
  func readSignals(_ bytes: [UInt8]) throws {
    let mark = Array("%\n".utf8)
    let cut = bytes.indices.first { bytes[$0...].starts(with: mark) } ?? bytes.endIndex
    let samples = Array(bytes[cut...].dropFirst(mark.count))
    let header = WFDBHeader(Array(bytes[..<cut]))
    for index in header.signals.indices.prefix(4) {
      let read = try WFDBSignals.samples(of: header, signal: index) { _ in samples }
      try BrokenProperty.unless(read.count <= samples.count, "\(read.count) samples")
      if let first = header.signals[index].first, let sample = read.first {
        try BrokenProperty.unless(first == Int(sample), "the first sample is not the header's")
      }
    }
  }

  /// What lies before and behind a line of `%`.
  private func halves(_ bytes: [UInt8]) -> ([UInt8], [UInt8]) {
    let mark = Array("%\n".utf8)
    let cut = bytes.indices.first { bytes[$0...].starts(with: mark) } ?? bytes.endIndex
    return (Array(bytes[..<cut]), Array(bytes[cut...].dropFirst(mark.count)))
  }

  /// Twelve leads of one length, no more than the bytes can hold, and at 100 Hz numbers that are some.
  func readLeads(_ bytes: [UInt8]) throws {
    let (head, samples) = halves(bytes)
    let header = WFDBHeader(head)
    let digits = try TwelveLeadDigits(header, name: header.name) { _ in samples }
    try BrokenProperty.unless(
      digits.leads.count == 12 && Set(digits.leads.map(\.count)).count == 1,
      "\(digits.leads.map(\.count)) samples")
    try BrokenProperty.unless(
      24 * digits.leads[0].count <= samples.count, "\(digits.leads[0].count) samples")
    let record = try digits.record(header.name, codes: nil, fold: nil)
    try BrokenProperty.unless(
      record.values.allSatisfy(\.isFinite), "a sample is no number")
    try BrokenProperty.unless(
      record.values.count <= 24 * digits.leads[0].count + 24,
      "\(record.values.count) samples at 100 Hz")
  }

  /// Each record twice, at two rates, in a part that there is.
  func readDiagnoses(_ bytes: [UInt8]) throws {
    let (first, second) = halves(bytes)
    let files =
      second.isEmpty
      ? [RecordTables.labels: first]
      : [RecordTables.database: first, RecordTables.codes: second]
    let tables = try RecordTables(files) { $0 }
    for (name, row) in tables?.rows ?? [:] {
      try BrokenProperty.unless(
        name.hasSuffix("_lr") || name.hasSuffix("_hr"), "a record is \(name.debugDescription)")
      try BrokenProperty.unless(
        (1...10).contains(row.fold ?? 1) && Set(row.codes).count == row.codes.count, "\(row)")
    }
  }

  /// Annotations are no more than the bytes can hold; what is written of them is read.
  func readAnnotations(_ bytes: [UInt8]) throws {
    let annotations = try WFDBAnnotations(bytes)
    try BrokenProperty.unless(
      annotations.all.count <= bytes.count / 2, "\(annotations.all.count) annotations")
    try BrokenProperty.unless(
      try WFDBAnnotations(annotations.bytes()) == annotations,
      "other annotations are read than were written")
    // heartbeats of a signal that is long enough end in rows or in a sentence
    let signal = [Int16](repeating: 0, count: 1000)
    let rows = try HeartbeatRows(signal, annotations)
    try BrokenProperty.unless(
      rows.values.count == rows.classes.count * HeartbeatRows.width
        && rows.values.prefix(1000).allSatisfy { (0...1).contains($0) }, "rows are no rows")
  }

  /// Rows are whole, and no more than the bytes can hold.
  func readHeartbeats(_ bytes: [UInt8]) throws {
    let rows = try KaggleRows(bytes, path: "mitbih_test.csv")
    try BrokenProperty.unless(
      rows.values.count == rows.classes.count * HeartbeatRows.width
        && rows.values.count <= bytes.count, "\(rows.values.count) values")
    try BrokenProperty.unless(
      rows.values.allSatisfy(\.isFinite) && rows.classes.allSatisfy { $0 < 5 },
      "a value is no number, or a class is none")
  }

  /// No record is listed twice; what is written of the labels is read.
  func readLabels(_ bytes: [UInt8]) throws {
    let rows = try ReferenceLabels(bytes, path: "REFERENCE.csv").rows
    let records = rows.map(\.record)
    try BrokenProperty.unless(Set(records).count == records.count, "a record is there twice")
    let text = rows.map { "\($0.record),\($0.label.rawValue)\n" }.joined()
    let again = try BrokenProperty.unlessWorks {
      try ReferenceLabels(Array(text.utf8), path: "REFERENCE.csv").rows
    }
    try BrokenProperty.unless(
      again.map(\.record) == records && again.map(\.label) == rows.map(\.label),
      "other labels are read than were written")
  }

  /// What is inflated is bounded, and comes back when it is deflated again.
  func readZlib(_ bytes: [UInt8]) throws {
    let limit = 1 << 20
    let plain: [UInt8]
    do {
      plain = try ZlibStream.inflated(bytes[...], atMost: limit)
    } catch {
      return try BrokenProperty.unless(!error.problem.isEmpty, "damage without a word")
    }
    try BrokenProperty.unless(
      plain.count <= min(limit, largestInflation * bytes.count), "\(plain.count) bytes")
    var count = compressBound(UInt(plain.count))
    var stream = [UInt8](repeating: 0, count: Int(count))
    try BrokenProperty.unless(
      compress(&stream, &count, plain, UInt(plain.count)) == Z_OK, "zlib does not compress")
    try BrokenProperty.unless(
      (try? ZlibStream.inflated(stream[..<Int(count)], atMost: limit)) == plain,
      "other bytes are inflated than were deflated")
  }
}
