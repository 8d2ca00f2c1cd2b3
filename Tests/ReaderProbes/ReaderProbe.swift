/// A reader of bytes that others made, with what must hold whatever they are: it ends, in a result or in
/// a sentence. The fuzzer and the test of its corpus call the same.
package enum ReaderProbe: String, CaseIterable, Sendable {
  /// MATLAB files of level 4 and 5.
  case mat
  /// The header files of WFDB.
  case header
  /// Signals of WFDB: a header, a line of `%`, the samples of all its files.
  case signals
  /// Records of twelve leads: a header, a line of `%`, the file of its signals.
  case leads
  /// Tables of what such records show: `labels.csv`, or after a line of `%` the codes of `ptbxl_database.csv`.
  case diagnoses
  /// Annotations of WFDB.
  case annotations
  /// Kaggle's tables of heartbeats.
  case heartbeats
  /// `REFERENCE.csv`.
  case labels
  /// Streams of zlib.
  case zlib
  /// zip, 7z and tar archives.
  case archive
  /// Streams of xz.
  case xz
  /// Checkpoints.
  case safetensors
  /// NumPy's arrays.
  case npy
  /// Frames that a worker answers with.
  case response
  /// Frames that a worker is asked with.
  case request
  /// The lines that a worksheet's values come in.
  case worksheet
  /// Tables.
  case csv
  /// `assignment.yml`.
  case assignment
  /// `ANSWERS.md`.
  case answers
  /// Class lists.
  case roster
  /// The names that platforms give to files and folders.
  case platform
  /// `submission_metadata.yml` of a Gradescope download.
  case gradescope

  /// Reads the bytes and looks at what came of it. An error of the reader that is a sentence is as good as
  /// a result.
  ///
  /// - Throws: `BrokenProperty`.
  package func check(_ bytes: [UInt8]) throws(BrokenProperty) {
    do {
      try read(bytes)
    } catch let broken as BrokenProperty {
      throw broken
    } catch {
      try BrokenProperty.unlessSentence("\(error)", ofBytes: bytes.count)
    }
  }

  private func read(_ bytes: [UInt8]) throws {
    switch self {
    case .mat: try readMATLAB(bytes)
    case .header: try readHeader(bytes)
    case .signals: try readSignals(bytes)
    case .leads: try readLeads(bytes)
    case .diagnoses: try readDiagnoses(bytes)
    case .annotations: try readAnnotations(bytes)
    case .heartbeats: try readHeartbeats(bytes)
    case .labels: try readLabels(bytes)
    case .zlib: try readZlib(bytes)
    case .archive: try readArchive(bytes)
    case .xz: try readXz(bytes)
    case .safetensors: try readSafeTensors(bytes)
    case .npy: try readNumPy(bytes)
    case .response: try readResponse(bytes)
    case .request: try readRequest(bytes)
    case .worksheet: try readWorksheet(bytes)
    case .csv: try readCSV(bytes)
    case .assignment: try readAssignment(bytes)
    case .answers: try readAnswers(bytes)
    case .roster: try readRoster(bytes)
    case .platform: try readPlatformName(bytes)
    case .gradescope: try readGradescope(bytes)
    }
  }
}

/// What should hold of a reader and does not.
package struct BrokenProperty: Error, CustomStringConvertible {
  /// One sentence.
  package let description: String

  /// Fails unless something holds.
  static func unless(
    _ holds: Bool, _ what: @autoclosure () -> String
  ) throws(BrokenProperty) {
    if !holds { throw BrokenProperty(description: what()) }
  }

  /// What must not fail: to write what was read, and to read that. An error is a result of the first
  /// reading alone.
  static func unlessWorks<Result>(_ body: () throws -> Result) throws(BrokenProperty) -> Result {
    do {
      return try body()
    } catch {
      throw BrokenProperty(description: "what was read is not written, or not read again: \(error)")
    }
  }

  /// Fails unless a text can be a sentence: several words on one line, and no more of the input in it than
  /// a few times its length.
  static func unlessSentence(_ text: String, ofBytes count: Int) throws(BrokenProperty) {
    try unless(
      text.split(separator: " ").count >= 3, "an error is no sentence: \(text.debugDescription)")
    try unless(
      text.utf8.count <= 1000 + 8 * count, "an error has \(text.utf8.count) bytes of \(count)")
  }
}
