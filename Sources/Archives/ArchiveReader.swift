import CArchive
import Foundation

/// Reads zip, 7z and tar archives (plain, gzip, bzip2, xz) through libarchive, entry by entry,
/// without ever writing to the disk.
public enum ArchiveReader {
  /// Calls `body` for each entry in order; `read()` inside returns that entry's bytes (once; none
  /// for anything but a regular file). `body` returns false to stop.
  ///
  /// Throws `ArchiveError` where the archive is missing, unknown, truncated, damaged or above the
  /// limits, and whatever `body` throws.
  public static func forEachEntry(
    in path: String, limits: ArchiveLimits,
    _ body: (ArchiveEntry, _ read: () throws -> [UInt8]) throws -> Bool
  ) throws {
    let archiveBytes = try regularFileSize(path)
    guard let archive = archive_read_new() else {
      throw ArchiveError.unreadable(path: path, entry: nil, detail: "out of memory")
    }
    defer { archive_read_free(archive) }
    archive_read_support_filter_gzip(archive)
    archive_read_support_filter_bzip2(archive)
    archive_read_support_filter_xz(archive)
    archive_read_support_format_zip(archive)
    archive_read_support_format_7zip(archive)
    archive_read_support_format_tar(archive)
    guard archive_read_open_filename(archive, path, 1 << 18) == ARCHIVE_OK else {
      throw failure(archive, path: path, entry: nil)
    }

    var budget = Budget(path: path, archiveBytes: archiveBytes, limits: limits)
    while true {
      var header: OpaquePointer?
      let status = archive_read_next_header(archive, &header)
      if status == ARCHIVE_EOF { return }
      // A warning concerns the name's encoding or an attribute nobody here uses.
      guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let header else {
        throw failure(archive, path: path, entry: nil)
      }
      let entry = describe(header)
      // To pass over an entry of a compressed tar is to unpack it, so its size counts anyway.
      let unpacksWhenSkipped = archive_filter_count(archive) > 1
      try budget.open(entry, countsDeclaredSize: unpacksWhenSkipped)
      let goOn = try body(entry) {
        guard entry.kind == .file else { return [] }
        return try data(
          of: entry, archive: archive, path: path, budget: &budget, counts: !unpacksWhenSkipped)
      }
      if !goOn { return }
    }
  }

  private static func regularFileSize(_ path: String) throws -> Int {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: resolved(path)) else {
      throw ArchiveError.missing(path: path)
    }
    guard attributes[.type] as? FileAttributeType == .typeRegular else {
      throw ArchiveError.notAnArchive(path: path)
    }
    return (attributes[.size] as? NSNumber)?.intValue ?? 0
  }

  private static func resolved(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  }

  private static func describe(_ header: OpaquePointer) -> ArchiveEntry {
    let name: String
    if let utf8 = archive_entry_pathname_utf8(header) {
      name = String(cString: utf8)
    } else if let raw = archive_entry_pathname(header) {
      name = String(cString: raw)
    } else {
      name = ""
    }
    let kind: ArchiveEntry.Kind
    if archive_entry_hardlink(header) != nil || archive_entry_symlink(header) != nil {
      kind = .link
    } else {
      // The numbers of AE_IFREG, AE_IFDIR and AE_IFLNK: Swift does not see macros with casts.
      switch UInt32(archive_entry_filetype(header)) {
      case 0o100000: kind = .file
      case 0o040000: kind = .directory
      case 0o120000: kind = .link
      default: kind = .other
      }
    }
    let size = archive_entry_size_is_set(header) != 0 ? Int(archive_entry_size(header)) : nil
    return ArchiveEntry(path: name, kind: kind, size: size)
  }

  private static func data(
    of entry: ArchiveEntry, archive: OpaquePointer, path: String, budget: inout Budget,
    counts: Bool
  ) throws -> [UInt8] {
    try budget.refuseIfTooLarge(entry, bytes: entry.size ?? 0)
    var bytes: [UInt8] = []
    // A declared size may lie, so no more than a mebibyte is set aside on its word.
    bytes.reserveCapacity(min(max(entry.size ?? 0, 0), 1 << 20))
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes {
        archive_read_data(archive, $0.baseAddress, $0.count)
      }
      if count == 0 { return bytes }
      if count == Int(ARCHIVE_RETRY) { continue }
      // A warning here is a wrong check sum: the bytes are not those that were packed.
      guard count > 0 else { throw failure(archive, path: path, entry: entry.path) }
      try budget.refuseIfTooLarge(entry, bytes: bytes.count + count)
      if counts { try budget.add(count) }
      bytes.append(contentsOf: buffer[0..<count])
    }
  }

  private static func failure(
    _ archive: OpaquePointer, path: String, entry: String?
  ) -> ArchiveError {
    let detail = archive_error_string(archive).map { String(cString: $0) } ?? "unknown reason"
    let lowered = detail.lowercased()
    if lowered.contains("truncated") || lowered.contains("unexpected end")
      || isZipWithoutDirectory(path)
    {
      return .truncated(path: path)
    }
    if lowered.contains("unrecognized archive format") { return .notAnArchive(path: path) }
    return .unreadable(path: path, entry: entry, detail: detail)
  }

  /// Whether the file begins as a zip but lacks the directory that ends one. libarchive reads such
  /// a file as a stream and then complains of whatever the cut happened to damage.
  private static func isZipWithoutDirectory(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    guard let start = try? file.read(upToCount: 4), start == Data([0x50, 0x4B, 3, 4]),
      let end = try? file.seekToEnd()
    else { return false }
    // The end record is 22 bytes and a comment of at most 65535.
    let tailBytes: UInt64 = 22 + 65535
    guard (try? file.seek(toOffset: end > tailBytes ? end - tailBytes : 0)) != nil,
      let tail = try? file.readToEnd()
    else { return false }
    return tail.range(of: Data([0x50, 0x4B, 5, 6])) == nil
  }
}

/// What has been taken from an archive so far, against its limits.
private struct Budget {
  let path: String
  let archiveBytes: Int
  let limits: ArchiveLimits
  var entries = 0
  var total = 0

  init(path: String, archiveBytes: Int, limits: ArchiveLimits) {
    self.path = path
    self.archiveBytes = archiveBytes
    self.limits = limits
  }

  mutating func open(_ entry: ArchiveEntry, countsDeclaredSize: Bool) throws {
    entries += 1
    guard entries <= limits.maximumEntries else {
      throw exceeded("it has more than \(limits.maximumEntries) entries")
    }
    if countsDeclaredSize { try add(max(entry.size ?? 0, 0)) }
  }

  func refuseIfTooLarge(_ entry: ArchiveEntry, bytes: Int) throws {
    guard bytes <= limits.maximumEntryBytes else {
      throw exceeded("\(entry.path) is larger than \(limits.maximumEntryBytes) bytes")
    }
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
  }

  private func exceeded(_ what: String) -> ArchiveError {
    .limitExceeded(path: path, what: what)
  }
}
