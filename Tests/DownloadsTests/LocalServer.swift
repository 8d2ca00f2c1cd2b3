import Foundation
import Synchronization

/// A server on this machine that serves one file as badly as a test wants.
final class LocalServer: Sendable {
  /// What it serves, and how.
  struct Site: Sendable {
    var path = "/files/a.zip"
    var body: [UInt8] = []
    var tag: String? = "\"one\""
    var type = "application/zip"
    /// The text of `SHA256SUMS.txt`; nil: there is none.
    var sums: String?
    var honoursRanges = true
    /// Whether `If-Range` is looked at.
    var honoursConditions = true
    /// The most bytes of a partial answer, which may be fewer than were asked for.
    var longestRange: Int?
    /// Bytes after which each of the next answers breaks off, used up one after another.
    var breaksAfter: [Int] = []
    /// After a break the connection stays open and silent for this long.
    var silence = 0.0
    /// Answers in place of the file, used up one after another.
    var instead: [String] = []
  }

  /// A request for the file.
  struct Request: Sendable, Equatable {
    var range: String?
    var condition: String?
  }

  private struct State: Sendable {
    var site: Site
    var requests: [Request] = []
  }

  let port: UInt16
  private let state: Mutex<State>
  private let listener: Int32

  var address: String { "http://127.0.0.1:\(port)\(state.withLock { $0.site.path })" }
  /// The requests for the file so far.
  var requests: [Request] { state.withLock { $0.requests } }

  init(_ site: Site) throws {
    state = Mutex(State(site: site))
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let socket = listener
    let status = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, size) + listen(socket, 16) + getsockname(socket, $0, &size)
      }
    }
    guard status == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [self] in
      while true {
        let connection = accept(socket, nil, nil)
        guard connection >= 0 else { return }
        serve(connection)
        shutdown(connection, Int32(SHUT_RDWR))
        close(connection)
      }
    }
  }

  /// Ends the thread, which otherwise keeps the server.
  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  func change(_ body: (inout Site) -> Void) { state.withLock { body(&$0.site) } }

  private func serve(_ connection: Int32) {
    guard let (path, fields) = Self.read(connection) else { return }
    if path.hasSuffix("/SHA256SUMS.txt") {
      let sums = state.withLock { $0.site.sums }
      return Self.send(Self.plain(sums == nil ? "404 Not Found" : "200 OK", sums ?? ""), connection)
    }
    let request = Request(range: fields["range"], condition: fields["if-range"])
    let (site, breakAfter, instead) = state.withLock { state in
      state.requests.append(request)
      return (
        state.site, state.site.breaksAfter.isEmpty ? nil : state.site.breaksAfter.removeFirst(),
        state.site.instead.isEmpty ? nil : state.site.instead.removeFirst()
      )
    }
    if let instead { return Self.send(Array(instead.utf8), connection) }
    guard path == site.path else { return Self.send(Self.plain("404 Not Found", ""), connection) }

    var start = 0
    if let range = request.range, site.honoursRanges,
      !site.honoursConditions || request.condition == nil || request.condition == site.tag
    {
      start = Int(range.dropFirst("bytes=".count).dropLast()) ?? 0
    }
    guard start < site.body.count || start == 0 else {
      return Self.send(Self.plain("416 Range Not Satisfiable", ""), connection)
    }
    var end = site.body.count
    if start > 0, let longest = site.longestRange { end = min(end, start + longest) }
    var head = start > 0 ? "HTTP/1.1 206 Partial Content\r\n" : "HTTP/1.1 200 OK\r\n"
    if start > 0 {
      head += "Content-Range: bytes \(start)-\(end - 1)/\(site.body.count)\r\n"
    }
    if let tag = site.tag { head += "ETag: \(tag)\r\n" }
    head += "Content-Type: \(site.type)\r\nContent-Length: \(end - start)\r\n"
    head += "Connection: close\r\n\r\n"
    let rest = site.body[start..<end]
    Self.send(Array(head.utf8) + rest.prefix(breakAfter ?? rest.count), connection)
    if breakAfter != nil { Thread.sleep(forTimeInterval: site.silence) }
  }

  /// An answer with a text.
  static func plain(_ status: String, _ text: String, type: String = "text/plain") -> [UInt8] {
    Array(
      ("HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(text.utf8.count)\r\n"
        + "Connection: close\r\n\r\n\(text)").utf8)
  }

  private static func read(_ connection: Int32) -> (path: String, fields: [String: String])? {
    var text = ""
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !text.contains("\r\n\r\n") {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      text += String(decoding: buffer[0..<count], as: UTF8.self)
    }
    let lines = text.components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ")
    guard words.count == 3 else { return nil }
    var fields: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      fields[line[..<colon].lowercased()] = line[line.index(after: colon)...]
        .trimmingCharacters(in: .whitespaces)
    }
    return (String(words[1]), fields)
  }

  private static func send(_ bytes: [UInt8], _ connection: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Foundation.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
