import Foundation

/// One file of `Attacks/`: what it says of itself, and how a submission is made of it.
struct Attack {
  let name: String
  /// The header's lines `Attack:`, `Tries:`, `Into:`.
  let title, tries, file: String
  let text: String

  /// Reads all files.
  static func all() throws -> [Attack] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Attacks")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
      let text = try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)
      return Attack(name: String($0.dropLast(".swift".count)), text: text)
    }
  }

  private init(name: String, text: String) {
    self.name = name
    self.text = text
    func field(_ key: String) -> String? {
      var lines = text.split(separator: "\n").prefix { $0.hasPrefix("//") }.map { $0.dropFirst(3) }
      guard let start = lines.firstIndex(where: { $0.hasPrefix(key + ": ") }) else { return nil }
      lines = Array(lines[start...])
      let more = lines.dropFirst().prefix { line in
        !["Attack: ", "Tries: ", "Into: ", "Must: "].contains(where: line.hasPrefix)
      }
      return ([lines[0].dropFirst(key.count + 2)] + more).joined(separator: " ")
    }
    title = field("Attack") ?? ""
    tries = field("Tries") ?? ""
    file = field("Into") ?? "LSTM.swift"
    isWholeFile = field("Into") != nil
  }

  /// Whether it brings the whole file. Otherwise it is a function `attack(_:)` that a wrong LSTM calls
  /// in each forward pass: one with σ at its input node, so that honest work is worth nothing.
  private let isWholeFile: Bool

  /// The files of the submission, made of the solutions'.
  func files(solutions: [String: String], baits: [String: String]) -> [String: String] {
    var own = text
    for (name, value) in baits { own = own.replacing(name, with: value) }
    var files = solutions
    if isWholeFile {
      files[file] = own
      return files
    }
    files[file] =
      (solutions[file] ?? "")
      .replacing("let C_tilde = try tanh", with: "let C_tilde = try sigmoid")
      .replacing(
        "    var H = Tensor.zeros", with: "    try attack(inputs)\n    var H = Tensor.zeros")
      + own + (own.contains("send(") ? Self.sender : "")
    return files
  }

  /// What attacks on the pipe write with: frames as the course's own worker makes them.
  private static let sender = """

    func send(_ tensors: [PipeTensor], _ kind: Response.Kind = .answer) {
      guard let frame = try? Frame.encode(Response(kind), tensors: tensors) else { return }
      var done = 0
      while done < frame.count {
        let sent = frame[done...].withUnsafeBytes { write(4, $0.baseAddress, $0.count) }
        if sent <= 0 { return }
        done += sent
      }
    }

    @_silgen_name("write") func write(
      _ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int
    ) -> Int
    """
}
