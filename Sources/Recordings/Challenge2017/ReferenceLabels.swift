/// The label file `REFERENCE.csv`: one line `record,label` for each recording.
package struct ReferenceLabels: Sendable {
  package struct Row: Sendable {
    let line: Int
    package let record: String
    package let label: RhythmLabel
  }

  let path: String
  package let rows: [Row]

  /// Reads the label file's bytes; `path` names it in errors. Empty lines are passed over.
  /// Throws `RecordingError.labelFile` for a malformed line, an unknown label or a repeated record.
  package init(_ bytes: [UInt8], path: String) throws {
    var rows: [Row] = []
    var seen: [String: Int] = [:]
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, raw) in lines.enumerated() {
      func wrong(_ problem: String) -> RecordingError {
        .labelFile(path: path, line: index + 1, problem: problem)
      }
      guard let text = String(validating: raw, as: UTF8.self) else {
        throw wrong("the line is not text")
      }
      // Some editors put a mark before the first line and a carriage return after each.
      var line = Substring(text)
      if index == 0, line.unicodeScalars.first == "\u{FEFF}" { line.unicodeScalars.removeFirst() }
      while let last = line.unicodeScalars.last, " \t\r".unicodeScalars.contains(last) {
        line.unicodeScalars.removeLast()
      }
      if line.isEmpty { continue }
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      guard fields.count == 2, Self.isRecordName(fields[0]) else {
        throw wrong("expected record,label such as A00001,N, found \(Self.shown(line))")
      }
      let record = String(fields[0])
      guard let label = RhythmLabel(rawValue: String(fields[1])) else {
        throw wrong(
          "unknown label \(Self.shown(fields[1])) of record \(record); the labels are N, A, O and ~"
        )
      }
      if let first = seen[record] {
        throw wrong("record \(record) was already listed in line \(first); remove one")
      }
      seen[record] = index + 1
      rows.append(Row(line: index + 1, record: record, label: label))
    }
    guard !rows.isEmpty else {
      throw RecordingError.labelFile(path: path, line: 1, problem: "the file lists no records")
    }
    self.path = path
    self.rows = rows
  }

  private static func isRecordName(_ name: Substring) -> Bool {
    !name.isEmpty && name.utf8.count <= 64
      && name.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }

  /// A piece of a file, short and printable.
  private static func shown(_ text: Substring) -> String {
    "\"" + text.unicodeScalars.prefix(40).map { $0.escaped(asASCII: true) }.joined() + "\""
  }
}
