import Foundation

/// A request by the system's curl, as downloads are made: it speaks TLS and with proxies, and a malformed answer is no
/// danger to this program.
struct HTTPRequest: Sendable {
  /// What came back.
  struct Answer {
    let status: Int
    let body: Data
  }

  /// Seconds for the whole of a request without a file.
  var patience = 60

  /// Sends a request.
  ///
  /// - Parameters:
  ///   - body: what is sent, or
  ///   - file: the file that is.
  ///   - type: of what is sent.
  /// - Throws: a sentence where there is no answer.
  func send(
    _ method: String, _ address: String, body: Data? = nil, file: String? = nil, type: String
  ) throws -> Answer {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("rhythmlab-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let answer = folder.appendingPathComponent("answer")
    var arguments = [
      "curl", "-q", "--silent", "--show-error", "--globoff", "--proto", "=http,https",
      "--connect-timeout", "10", "--request", method, "--user-agent", "RhythmLab",
      "--output", answer.path, "--write-out", "%{http_code}",
    ]
    if let file {
      arguments += ["--header", "Content-Type: \(type)", "--upload-file", file]
    } else {
      arguments += ["--max-time", "\(patience)"]
      if let body {
        let sent = folder.appendingPathComponent("body")
        try body.write(to: sent)
        arguments += ["--header", "Content-Type: \(type)", "--data-binary", "@" + sent.path]
      }
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments + ["--", address]
    let (output, complaints) = (Pipe(), Pipe())
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = complaints
    try process.run()
    // both are a line
    let status = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let complaint = String(
      decoding: complaints.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0, let number = Int(status) else {
      let reason = complaint.split(whereSeparator: \.isNewline).first ?? "curl failed"
      throw TrackingError(
        description: "\(address) does not answer: \(reason). Is the server running?")
    }
    return Answer(status: number, body: FileManager.default.contents(atPath: answer.path) ?? Data())
  }
}
