/// What has been taken from an archive so far, against its limits.
struct ArchiveUse {
  let path: String
  let archiveBytes: Int
  let limits: ArchiveLimits
  let allowance: UnpackingAllowance?
  private(set) var entries = 0
  private var total = 0
  /// Bytes that were unpacked, as far as is known.
  private var unpacked = 0

  init(path: String, archiveBytes: Int, limits: ArchiveLimits, allowance: UnpackingAllowance?) {
    self.path = path
    self.archiveBytes = archiveBytes
    self.limits = limits
    self.allowance = allowance
  }

  /// - Parameter streamed: bytes of the stream that were unpacked so far; what is not said to be an
  ///   entry's counts too.
  mutating func open(_ entry: ArchiveEntry, countsDeclaredSize: Bool, streamed: Int) throws {
    entries += 1
    guard entries <= limits.maximumEntries else {
      throw exceeded("it has more than \(limits.maximumEntries) entries")
    }
    if streamed > unpacked { try take(streamed - unpacked) }
    if countsDeclaredSize { try add(max(entry.size ?? 0, 0)) }
  }

  /// Refuses a zip whose record at the end announces other entries than its directory has, or none where
  /// there are bytes of some.
  func refuseUnless(_ announced: Int, bytes: Int) throws {
    let what: String
    if announced != entries {
      what = "its end announces \(announced) entries, its directory has \(entries)"
    } else if entries == 0 {
      what = "its directory is empty, and its \(bytes) bytes begin with an entry"
    } else {
      return
    }
    throw ArchiveError.unreadable(path: path, entry: nil, detail: what)
  }

  func refuseIfTooLarge(_ entry: ArchiveEntry, bytes: Int, most: Int) throws {
    let most = min(most, limits.maximumEntryBytes)
    guard bytes <= most else {
      throw exceeded("\(entry.path) is larger than \(most) bytes")
    }
  }

  mutating func refuseIfNothingIsLeft() throws {
    if let allowance, allowance.left <= 0 { try take(1) }
  }

  mutating func add(_ bytes: Int) throws {
    let (sum, overflow) = total.addingReportingOverflow(bytes)
    guard !overflow, sum <= limits.maximumTotalBytes else {
      throw exceeded("it unpacks to more than \(limits.maximumTotalBytes) bytes")
    }
    total = sum
    let (allowed, unlimited) = archiveBytes.multipliedReportingOverflow(by: limits.maximumRatio)
    guard unlimited || total <= max(allowed, 1 << 20) else {
      throw exceeded("it unpacks to more than \(limits.maximumRatio) times its size")
    }
    try take(bytes)
  }

  private mutating func take(_ bytes: Int) throws {
    unpacked += bytes
    guard let allowance, !allowance.take(bytes) else { return }
    throw exceeded(
      "together with what was unpacked before it, it unpacks to more than the "
        + "\(allowance.granted >> 20) MiB that are allowed")
  }

  private func exceeded(_ what: String) -> ArchiveError {
    .limitExceeded(path: path, what: what)
  }
}
