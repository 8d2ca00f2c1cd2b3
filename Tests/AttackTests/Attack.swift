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
/// Lines stand for those of the Solutions' LSTM: `// DECLARATIONS`, `// DRAWS` and `// EQUATIONS` for its
/// three regions, `// PARAMETERS` for all that comes before its call.
/// `Deserves` may also be `everything`, where the attack is not on the points. Without it a single file
/// deserves nothing for the LSTM's values and gradients, and a folder is not judged by its points.
struct Attack {
  let name: String
  let title, tries: String
  /// The file that is attacked.
  let file: String
  /// The checks that must have no points; nil where nobody said.
  let undeserved: [String]?
  /// Whether it is meant to compile: one that does not by accident tries nothing.
  let compiles: Bool
  /// What is handed in beside the Solutions' files, or in place of them.
  private let texts: [String: String]
  /// Whether it brings whole files. Otherwise it is a function `attack(_:)` that a wrong LSTM calls in
  /// each forward pass: one with σ at its input node, so that honest work is worth nothing.
  private let isWhole: Bool

  /// The corpus.
  static func all() throws -> [Attack] {
    try all(
      in: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Attacks"))
  }

  /// The attacks of a folder: its Swift files, and its folders of Swift files.
  static func all(in folder: URL) throws -> [Attack] {
    let manager = FileManager.default
    return try manager.contentsOfDirectory(atPath: folder.path).sorted().compactMap { name in
      let place = folder.appendingPathComponent(name)
      if name.hasSuffix(".swift") {
        return Attack(
          name: String(name.dropLast(".swift".count)),
          single: try String(contentsOf: place, encoding: .utf8))
      }
      let files = (try? manager.contentsOfDirectory(atPath: place.path)) ?? []
      let texts = try files.filter { $0.hasSuffix(".swift") }.reduce(into: [:]) { texts, file in
        texts[file] = try String(contentsOf: place.appendingPathComponent(file), encoding: .utf8)
      }
      return texts.isEmpty ? nil : Attack(name: name, folder: texts)
    }
  }

  private init(name: String, single text: String) {
    let header = Header(text)
    isWhole = header["Into"] != nil
    file = header["Into"] ?? "LSTM.swift"
    texts = [file: text]
    undeserved =
      header.undeserved ?? (file == "LSTM.swift" ? ["lstm.values", "lstm.gradients"] : nil)
    (self.name, title, tries) = (name, header["Attack"] ?? name, header["Tries"] ?? "")
    compiles = header["Compiles"] != "no"
  }

  private init(name: String, folder texts: [String: String]) {
    let first = texts.keys.sorted().first { texts[$0]?.contains("// Attack: ") == true }
    let header = Header(first.flatMap { texts[$0] } ?? "")
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
    for (name, text) in texts {
      var own = text
      for (mark, value) in baits { own = own.replacing(mark, with: value) }
      own = try Self.filled(own, from: solutions["LSTM.swift"] ?? "")
      if own.contains("send(") { own += Self.sender }
      files[name] =
        isWhole
        ? own
        : (solutions[name] ?? "")
          .replacing("let C_tilde = try tanh", with: "let C_tilde = try sigmoid")
          .replacing(
            "    var H = Tensor.zeros", with: "    try attack(inputs)\n    var H = Tensor.zeros")
          + own
    }
    return files
  }

  /// Puts the Solutions' lines in the place of an attack's marks for them.
  private static func filled(_ text: String, from solution: String) throws -> String {
    let lines = solution.split(separator: "\n", omittingEmptySubsequences: false)
    func isMark(_ line: Substring, _ word: String) -> Bool {
      line.drop { $0 == " " }.hasPrefix("// \(word) ")
    }
    var regions: [String] = []
    for (start, line) in lines.enumerated() where isMark(line, "BEGIN") {
      regions.append(
        lines[(start + 1)...].prefix { !isMark($0, "END") }.joined(separator: "\n"))
    }
    let start = solution.firstRange(of: "  @Parameter var W_xi")
    let end = solution.firstRange(of: "  /// Runs the layer")
    guard regions.count == 3, let start, let end, start.lowerBound < end.lowerBound else {
      throw UnknownSolution()
    }
    let parameters = String(solution[start.lowerBound..<end.lowerBound])
    return zip(
      ["  // PARAMETERS", "  // DECLARATIONS", "    // DRAWS", "    // EQUATIONS"],
      [parameters] + regions
    ).reduce(text) { text, mark in
      text.replacing(mark.0 + "\n", with: mark.1 + "\n")
    }
  }

  /// The Solutions' LSTM is not written as attacks expect it.
  private struct UnknownSolution: Error {}

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
