import Foundation

/// Fetches a published zip archive: whole, verified, and under its name only then.
///
/// A connection that breaks is taken up where it broke (`Range` with `If-Range`, RFC 9110), in this
/// run or a later one; a file that has changed meanwhile is fetched from its beginning. The sum to
/// compare with is read from `SHA256SUMS.txt` beside the archive, as PhysioNet publishes it.
public struct Download: Sendable {
  /// What is told on the way.
  public enum Event: Sendable, Equatable {
    /// The published sum; nil where none is published.
    case checkSum(String?)
    /// Bytes on the disk, and of how many.
    case progress(done: Int, total: Int?)
    /// What had been fetched is of no use: the file has changed, or the server sends whole files
    /// only.
    case startedOver
    /// A try failed; the next one comes in so many seconds.
    case retry(reason: String, seconds: Double)
  }

  /// What was fetched.
  public struct Outcome: Sendable, Equatable {
    /// The file's size in bytes.
    public let bytes: Int
    /// The file's SHA-256.
    public let sha256: String
    /// Whether that is the published or demanded one; false where there is none to compare with.
    public let isVerified: Bool
    /// Whether the right file was there before.
    public let wasThere: Bool
  }

  private let url: URL
  private let destination: String
  private let demandedSum: String?
  private let name: String
  /// Seconds to wait after each failure in a row. A try that got further begins the row anew.
  var pauses: [Double] = [1, 2, 4, 8, 16]
  var curl = Curl()
  /// The free bytes beside a path; tests put a small disk here.
  var freeBytes: @Sendable (String) -> Int? = Disk.freeBytes
  private static let signature: [UInt8] = [0x50, 0x4B, 0x03, 0x04]

  /// Prepares to fetch `address` into the file `destination`.
  ///
  /// - Parameter sha256: the sum to compare with instead of the published one.
  /// - Throws: `DownloadError.badAddress`.
  public init(from address: String, to destination: String, sha256: String? = nil) throws {
    guard let url = URL(string: address), let scheme = url.scheme?.lowercased(),
      ["http", "https"].contains(scheme), url.host() != nil, !url.hasDirectoryPath,
      !url.lastPathComponent.isEmpty
    else { throw DownloadError.badAddress(address) }
    self.url = url
    self.destination = destination
    name = url.lastPathComponent
    demandedSum = sha256
  }

  /// Fetches the file.
  ///
  /// - Throws: `DownloadError`. What can be gone on with is then left in `FILE.part`.
  public func run(_ report: (Event) -> Void = { _ in }) throws -> Outcome {
    let manager = FileManager.default
    let folder = URL(fileURLWithPath: destination).deletingLastPathComponent().path
    do {
      try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw DownloadError.cannotWrite(path: destination, detail: "its folder cannot be made")
    }
    let expected = try demandedSum ?? publishedSum(report)
    report(.checkSum(expected))
    if manager.fileExists(atPath: destination) {
      guard let expected else { throw DownloadError.existing(path: destination) }
      guard try CheckSum.sha256(ofFile: destination) == expected else {
        throw DownloadError.otherFile(path: destination, expected: expected)
      }
      let size = try manager.attributesOfItem(atPath: destination)[.size] as? NSNumber
      return Outcome(
        bytes: size?.intValue ?? 0, sha256: expected, isVerified: true, wasThere: true)
    }

    let part = try PartialFile(of: destination, from: url.absoluteString)
    do {
      var furthest = part.count
      try repeating(report) {
        let failure = try fetch(part, report)
        defer { furthest = max(furthest, part.count) }
        return failure.map { ($0, gained: part.count > furthest) }
      }
      guard part.begins(with: Self.signature) else {
        part.remove()
        throw DownloadError.notAnArchive(url: url.absoluteString, type: nil)
      }
      let found = try CheckSum.sha256(ofFile: part.path)
      if let expected, found != expected {
        part.remove()
        throw DownloadError.wrongBytes(
          url: url.absoluteString, expected: expected, found: found)
      }
      try part.finish(as: destination)
      return Outcome(
        bytes: part.count, sha256: found, isVerified: expected != nil, wasThere: false)
    } catch {
      if part.count == 0 { part.remove() }
      throw error
    }
  }

  // MARK: - Tries

  /// Calls `attempt` until it gives nil, with growing pauses, and throws its last failure when the
  /// pauses are used up.
  private func repeating(
    _ report: (Event) -> Void, _ attempt: () throws -> (DownloadError, gained: Bool)?
  ) throws {
    var failures = 0
    while let (failure, gained) = try attempt() {
      if gained { failures = 0 }
      guard failures < pauses.count else { throw failure }
      let seconds = pauses[failures]
      failures += 1
      let reason =
        switch failure {
        case .brokenOff(_, let detail, _): detail
        case .refused(_, let status): "the server answers \(status)"
        default: failure.description
        }
      report(.retry(reason: reason, seconds: seconds))
      Thread.sleep(forTimeInterval: seconds)
    }
  }

  /// One request for what is missing. Returns nil when the file is whole, and why not where
  /// another try may help.
  private func fetch(_ part: PartialFile, _ report: (Event) -> Void) throws -> DownloadError? {
    let start = part.count
    if let total = part.total, start == total { return nil }
    var isWriting = false
    let ending = try curl.get(url, from: start, validator: part.validator) { head, bytes in
      if !isWriting {
        guard try begin(part, at: start, head, report) else { return false }
        isWriting = true
      }
      try part.append(bytes)
      report(.progress(done: part.count, total: part.total))
      return true
    }
    func brokenOff(_ detail: String) -> DownloadError {
      .brokenOff(url: url.absoluteString, detail: detail, kept: kept())
    }
    // Without a validator nobody can tell later whether the rest belongs to it.
    func kept() -> Int { part.validator == nil ? 0 : part.count }
    if ending.status == nil || ending.head?.status == 416 {
      // The server's idea of this part is another one: it counts as a change.
      report(.startedOver)
      try part.restart(validator: nil, total: nil)
      return brokenOff("the server's file has changed")
    }
    if let failure = try failure(ending, kept: kept()) { return failure }
    guard isWriting else {
      guard ending.head?.length == 0 else { return brokenOff("the answer was empty") }
      throw DownloadError.notAnArchive(url: url.absoluteString, type: ending.head?.type)
    }
    if let total = part.total, part.count != total {
      return brokenOff("only \(part.count) of \(total) bytes came")
    }
    return nil
  }

  /// Looks at the head of an answer before its first byte is written. False where the answer is a
  /// part of something else.
  private func begin(
    _ part: PartialFile, at start: Int, _ head: ResponseHead, _ report: (Event) -> Void
  ) throws -> Bool {
    if let type = head.type, type.hasPrefix("text/") {
      // A page is no reason to give up the bytes of an earlier try.
      throw DownloadError.notAnArchive(url: url.absoluteString, type: type)
    }
    if head.status == 206 {
      guard let range = head.range, range.start == start,
        range.total == nil || part.total == nil || range.total == part.total,
        head.validator == nil || head.validator == part.validator
      else { return false }
    } else {
      if start > 0 { report(.startedOver) }
      try part.restart(validator: head.validator, total: head.length)
    }
    if let total = part.total, let free = freeBytes(destination), free < total - part.count {
      throw DownloadError.noSpace(path: destination, needed: total - part.count, free: free)
    }
    return true
  }

  /// What curl's exit status means; nil for success.
  ///
  /// - Throws: a failure that another try would not mend.
  private func failure(_ ending: Curl.Ending, kept: Int) throws -> DownloadError? {
    let address = url.absoluteString
    let brokenOff = DownloadError.brokenOff(url: address, detail: ending.complaint, kept: kept)
    switch ending.status {
    case 0: return nil
    case 22:
      let status = ending.head?.status ?? 0
      guard [408, 425, 429].contains(status) || status >= 500 else {
        throw DownloadError.refused(url: address, status: status)
      }
      return .refused(url: address, status: status)
    case 6 where kept == 0: throw DownloadError.noNetwork(host: url.host() ?? address)
    case 51, 60, 77, 83, 90, 91:
      throw DownloadError.untrusted(url: address, detail: ending.complaint)
    case 1, 3, 5, 47: throw DownloadError.failed(url: address, detail: ending.complaint)
    case 126, 127: throw DownloadError.noCurl(url: address)
    default: return brokenOff
    }
  }

  /// The sum that is published beside the file; nil where there is none.
  private func publishedSum(_ report: (Event) -> Void) throws -> String? {
    let list = url.deletingLastPathComponent().appendingPathComponent("SHA256SUMS.txt")
    var text = Data()
    try repeating(report) {
      text = Data()
      let ending = try curl.get(list) { _, bytes in
        text.append(contentsOf: bytes)
        return text.count < 16 << 20
      }
      if let status = ending.head?.status, (400..<500).contains(status), status != 429 {
        text = Data()
        return nil
      }
      return try failure(ending, kept: 0).map { ($0, gained: false) }
    }
    return CheckSum.published(for: name, in: String(decoding: text, as: UTF8.self))
  }
}
