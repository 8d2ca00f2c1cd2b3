import Foundation

/// The system's curl, which speaks HTTP, TLS and with proxies. It only passes bytes on: what to ask
/// for, and what to do with the answer, is decided here, so that no try can spoil another's file.
///
/// URLSession would save a process, but on Linux it traps on some malformed answers.
struct Curl: Sendable {
  /// How a request ended.
  struct Ending {
    /// curl's exit status; nil when `onBytes` had enough.
    let status: Int32?
    let head: ResponseHead?
    /// curl's own sentence.
    let complaint: String
  }

  /// Seconds without a byte after which the connection counts as broken.
  var patience = 30

  /// Asks for `url`, from byte `start` on if it still is the file that `validator` names.
  ///
  /// - Parameter onBytes: gets the answer's head and each piece of its body; false ends the
  ///   request.
  func get(
    _ url: URL, from start: Int = 0, validator: String? = nil,
    _ onBytes: (ResponseHead, UnsafeRawBufferPointer) throws -> Bool
  ) throws -> Ending {
    let heads = FileManager.default.temporaryDirectory
      .appendingPathComponent("rhythmlab-\(UUID().uuidString).head")
    defer { try? FileManager.default.removeItem(at: heads) }
    var arguments = [
      "curl", "-q", "--silent", "--show-error", "--fail", "--globoff", "--location",
      "--max-redirs", "5", "--proto", "=http,https", "--connect-timeout", "\(patience)",
      "--dump-header", heads.path, "--user-agent", "RhythmLab",
    ]
    // What was asked for encrypted is not taken unencrypted from elsewhere.
    if url.scheme?.lowercased() == "https" { arguments += ["--proto-redir", "=https"] }
    if start > 0, let validator {
      arguments += ["--header", "Range: bytes=\(start)-", "--header", "If-Range: \(validator)"]
    }

    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments + ["--", url.absoluteString]
    let output = Pipe()
    let complaints = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = complaints
    try process.run()
    func head() -> ResponseHead? {
      (try? String(contentsOf: heads, encoding: .utf8)).flatMap(ResponseHead.init)
    }
    func end() {
      process.terminate()
      process.waitUntilExit()
    }

    var current: ResponseHead?
    do {
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      // The wait for the first byte includes that for the connection.
      var seconds = 2 * patience
      while true {
        guard Self.isReadable(output.fileHandleForReading.fileDescriptor, within: seconds) else {
          end()
          return Ending(
            status: Self.timeOut, head: current ?? head(),
            complaint: "no byte came for \(seconds) seconds")
        }
        seconds = patience
        let count = buffer.withUnsafeMutableBytes {
          read(output.fileHandleForReading.fileDescriptor, $0.baseAddress, $0.count)
        }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { break }
        // curl has written the head before it passes on the first byte.
        current = current ?? head()
        guard let current else { break }
        let goOn = try buffer.withUnsafeBytes {
          try onBytes(current, UnsafeRawBufferPointer(rebasing: $0[0..<count]))
        }
        if !goOn {
          end()
          return Ending(status: nil, head: current, complaint: "")
        }
      }
    } catch {
      end()
      throw error
    }
    let complaint = complaints.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Ending(
      status: process.terminationStatus, head: current ?? head(),
      complaint: Self.sentence(String(decoding: complaint, as: UTF8.self)))
  }

  /// curl's exit status when its patience ends.
  private static let timeOut: Int32 = 28

  /// Waits for a byte or the end. curl's own limit is on the mean speed of several seconds.
  private static func isReadable(_ descriptor: Int32, within seconds: Int) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while true {
      let count = poll(&request, 1, Int32(seconds * 1000))
      if count < 0 && errno == EINTR { continue }
      return count != 0
    }
  }

  /// `curl: (18) transfer closed …` without what is not for people.
  private static func sentence(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("curl: (") }
    guard let line, let close = line.firstIndex(of: ")") else { return "curl failed" }
    return String(line[line.index(after: close)...].drop { $0 == " " })
  }
}
