import Foundation

/// An attack: a file, or a folder of files, that says of itself what it tries and what it deserves, and
/// how a submission is made of it.
///
/// The file, or the first of the folder's that has such lines, begins with
///
///     // Attack: the core's LSTM by its symbol
///     // Tries: to name it in a string only, which the linker reads
///     // Must: the program has no such symbol
///     // Deserves: nothing for lstm.values, lstm.gradients
///     // Compiles: no
///
/// `Compiles` is left out where it does.
/// Some lines stand for those of the Solutions: in an LSTM `// DECLARATIONS`, `// DRAWS` and `// EQUATIONS`
/// for its three regions, `// PARAMETERS` for all that comes before its call.
/// `Into: LSTM.swift` says of a single file that it is that file, whole; without it the file holds a function
/// `attack(_:)`, which the unit's carrier calls. `Deserves` may also be `everything`, where the attack is not
/// on the points. Without it a function deserves nothing for what its carrier gets wrong, and other attacks
/// are not judged by their points.
struct Attack {
  let name: String
  let title, tries: String
  /// The file that is attacked.
  let file: String
  /// The checks that must have no points; nil where nobody said.
  let undeserved: [String]?
  /// Whether it is meant to compile: one that does not by accident tries nothing.
  let compiles: Bool
  /// What it attacks.
  let unit: AttackedUnit
  /// What is handed in beside the Solutions' files, or in place of them.
  private let texts: [String: String]
  /// Whether it brings whole files. Otherwise it is a function `attack(_:)` in the unit's carrier.
  private let isWhole: Bool

  /// The corpus of a unit.
  static func all(on unit: AttackedUnit) throws -> [Attack] { try all(in: unit.attacks, on: unit) }

  /// The attacks of a folder on a unit: its Swift files, and its folders of Swift files.
  static func all(in folder: URL, on unit: AttackedUnit) throws -> [Attack] {
    let manager = FileManager.default
    return try manager.contentsOfDirectory(atPath: folder.path).sorted().compactMap { name in
      let place = folder.appendingPathComponent(name)
      if name.hasSuffix(".swift") {
        return Attack(
          name: String(name.dropLast(".swift".count)), unit,
          single: try String(contentsOf: place, encoding: .utf8))
      }
      let files = (try? manager.contentsOfDirectory(atPath: place.path)) ?? []
      let texts = try files.filter { $0.hasSuffix(".swift") }.reduce(into: [:]) { texts, file in
        texts[file] = try String(contentsOf: place.appendingPathComponent(file), encoding: .utf8)
      }
      return texts.isEmpty ? nil : Attack(name: name, unit, folder: texts)
    }
  }

  private init(name: String, _ unit: AttackedUnit, single text: String) {
    let header = Header(text)
    self.unit = unit
    isWhole = header["Into"] != nil
    file = header["Into"] ?? unit.carrier.file
    texts = [file: text]
    undeserved =
      header.undeserved ?? (file == unit.carrier.file ? unit.carrier.undeserved : nil)
    (self.name, title, tries) = (name, header["Attack"] ?? name, header["Tries"] ?? "")
    compiles = header["Compiles"] != "no"
  }

  private init(name: String, _ unit: AttackedUnit, folder texts: [String: String]) {
    let first = texts.keys.sorted().first { texts[$0]?.contains("// Attack: ") == true }
    let header = Header(first.flatMap { texts[$0] } ?? "")
    self.unit = unit
    isWhole = true
    file = first ?? texts.keys.sorted()[0]
    self.texts = texts
    undeserved = header.undeserved
    (self.name, title, tries) = (name, header["Attack"] ?? name, header["Tries"] ?? "")
    compiles = header["Compiles"] != "no"
  }

  /// The files of the submission, made of the Solutions'.
  ///
  /// - Parameter baits: what stands in the attack's text for what only the run knows.
  /// - Throws: where the Solutions' file has not the parts that the attack takes from it.
  func files(solutions: [String: String], baits: [String: String]) throws -> [String: String] {
    var files = solutions
    let lines = try unit.lines(solutions)
    for (name, text) in texts {
      var own = text
      for (mark, value) in baits { own = own.replacing(mark, with: value) }
      for (mark, value) in lines { own = own.replacing(mark + "\n", with: value + "\n") }
      if own.contains("send(") { own += Self.sender }
      files[name] = isWhole ? own : try carried(solutions[name] ?? "") + own
    }
    return files
  }

  /// The Solutions' file as the unit's carrier has it.
  private func carried(_ solution: String) throws -> String {
    try unit.carrier.edits.reduce(solution) { text, edit in
      guard text.contains(edit.old) else { throw AttackedUnit.UnknownSolution() }
      return text.replacing(edit.old, with: edit.new)
    }
  }

  /// The lines `// Key: text` at the top of a file.
  private struct Header {
    private var fields: [String: String] = [:]

    init(_ text: String) {
      var key = ""
      for line in text.split(separator: "\n").drop(while: { !$0.hasPrefix("// Attack: ") })
        .prefix(while: { $0.hasPrefix("//") })
      {
        let line = line.dropFirst(2).trimmingPrefix(" ")
        if let end = line.firstIndex(of: ":"),
          ["Attack", "Tries", "Into", "Must", "Deserves", "Compiles"].contains(String(line[..<end]))
        {
          key = String(line[..<end])
          fields[key] = line[line.index(after: end)...].trimmingCharacters(in: .whitespaces)
        } else {
          fields[key]? += " " + line
        }
      }
    }

    subscript(_ key: String) -> String? { fields[key] }

    /// The checks after `Deserves: nothing for`.
    var undeserved: [String]? {
      guard let deserves = fields["Deserves"] else { return nil }
      guard let mark = deserves.firstRange(of: "nothing for ") else { return [] }
      return deserves[mark.upperBound...].split(separator: ",").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }
  }

  /// What attacks on the pipe write with: frames as the course's own worker makes them.
  private static let sender = """

    struct PipeTensor {
      let name: String
      let shape: [Int]
      let values: [Float]
    }

    enum AnswerKind: String { case answer, failure, progress, epoch }

    @discardableResult
    func send(_ tensors: [PipeTensor], _ kind: AnswerKind = .answer) -> Bool {
      let entries = tensors.map { "{\\"name\\":\\"\\($0.name)\\",\\"shape\\":\\($0.shape)}" }
      let json = Array(
        "{\\"content\\":{\\"kind\\":\\"\\(kind.rawValue)\\"},\\"tensors\\":[\\(entries.joined(separator: ","))]}"
          .utf8)
      let numbers = tensors.flatMap(\\.values)
      func bytes(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
      }
      let frame =
        bytes(json.count, 4) + bytes(4 * numbers.count, 8) + json
        + numbers.flatMap { bytes(Int($0.bitPattern), 4) }
      var done = 0
      while done < frame.count {
        let sent = frame[done...].withUnsafeBytes { write(4, $0.baseAddress, $0.count) }
        if sent <= 0 { return false }
        done += sent
      }
      return true
    }

    @_silgen_name("write") func write(
      _ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int
    ) -> Int
    """
}
