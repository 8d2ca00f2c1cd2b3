import CArchive
import Foundation

/// Reads zip, 7z and tar archives (plain, gzip, bzip2, xz) through libarchive, entry by entry,
/// without ever writing to the disk.
public enum ArchiveReader {
  /// Reads an entry's bytes, at most so many: where there are more, it throws.
  public typealias Read = (_ most: Int) throws -> [UInt8]

  /// The same for an archive in memory, such as one within another; `name` stands in sentences.
  ///
  /// - Parameter allowance: what is unpacked is taken from it; where nothing is left, it throws.
  public static func forEachEntry(
    in bytes: [UInt8], named name: String, limits: ArchiveLimits,
    allowance: UnpackingAllowance? = nil, _ body: (ArchiveEntry, Read) throws -> Bool
  ) throws {
    // libarchive takes nothing for an archive without entries.
    guard !bytes.isEmpty else { throw ArchiveError.notAnArchive(path: name) }
    let lacksDirectory = ZipEnd.isMissing(in: bytes)
    let announced = ZipEnd.announcedEntries(in: bytes)
    try bytes.withUnsafeBytes { bytes in
      try forEachEntry(
        path: name, archiveBytes: bytes.count, lacksDirectory: { lacksDirectory },
        announced: { announced }, limits: limits, allowance: allowance,
        open: { archive_read_open_memory($0, bytes.baseAddress, bytes.count) }, body)
    }
  }

  /// The same for an open regular file, which is read from its start and stays open.
  public static func forEachEntry(
    in file: FileHandle, named name: String, limits: ArchiveLimits,
    allowance: UnpackingAllowance? = nil, _ body: (ArchiveEntry, Read) throws -> Bool
  ) throws {
    let size = try file.seekToEnd()
    guard size > 0 else { throw ArchiveError.notAnArchive(path: name) }
    try file.seek(toOffset: 0)
    try forEachEntry(
      path: name, archiveBytes: Int(size), lacksDirectory: { ZipEnd.isMissing(in: file) },
      announced: { ZipEnd.announcedEntries(in: file) }, limits: limits, allowance: allowance,
      open: { archive_read_open_fd($0, file.fileDescriptor, 1 << 18) }, body)
  }

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
    try forEachEntry(
      path: path, archiveBytes: archiveBytes,
      lacksDirectory: { FileHandle(forReadingAtPath: path).map(ZipEnd.isMissing) ?? false },
      announced: { FileHandle(forReadingAtPath: path).flatMap(ZipEnd.announcedEntries) },
      limits: limits, allowance: nil, open: { archive_read_open_filename($0, path, 1 << 18) }
    ) { entry, read in
      try withoutActuallyEscaping(read) { read in try body(entry) { try read(.max) } }
    }
  }

  private static func forEachEntry(
    path: String, archiveBytes: Int, lacksDirectory: @escaping () -> Bool,
    announced: () -> Int?, limits: ArchiveLimits, allowance: UnpackingAllowance?,
    open: (OpaquePointer) -> CInt,
    _ body: (ArchiveEntry, Read) throws -> Bool
  ) throws {
    // libarchive hands names out in the locale's characters, and "C" has none beyond ASCII.
    let locale =
      newlocale(LC_CTYPE_MASK, "C.UTF-8", nil) ?? newlocale(LC_CTYPE_MASK, "en_US.UTF-8", nil)
    let before = locale.map { uselocale($0) }
    defer {
      if let before { uselocale(before) }
      if let locale { freelocale(locale) }
    }
    guard let archive = archive_read_new() else {
      throw ArchiveError.unreadable(path: path, entry: nil, detail: "out of memory")
    }
    defer { archive_read_free(archive) }
    archive_read_support_filter_gzip(archive)
    archive_read_support_filter_bzip2(archive)
    archive_read_support_filter_xz(archive)
    // by its directory alone: to read a zip as a stream is to unpack what is passed over
    archive_read_support_format_zip_seekable(archive)
    archive_read_support_format_7zip(archive)
    archive_read_support_format_tar(archive)
    guard open(archive) == ARCHIVE_OK else {
      throw failure(archive, path: path, entry: nil, lacksDirectory)
    }

    var use = ArchiveUse(
      path: path, archiveBytes: archiveBytes, limits: limits, allowance: allowance)
    while true {
      var header: OpaquePointer?
      let status = archive_read_next_header(archive, &header)
      if status == ARCHIVE_EOF {
        guard archive_format(archive) == zip || use.entries == 0, let announced = announced() else {
          return
        }
        return try use.refuseUnless(announced, bytes: archiveBytes)
      }
      // A warning concerns the name's encoding or an attribute nobody here uses.
      guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let header else {
        throw failure(archive, path: path, entry: nil, lacksDirectory)
      }
      let entry = describe(header)
      // To pass over an entry of a compressed tar, or of a 7z, is to unpack it, so its size counts
      // anyway.
      let isStream = archive_filter_count(archive) > 1
      let unpacksWhenSkipped = isStream || archive_format(archive) == sevenZip
      try use.open(
        entry, countsDeclaredSize: unpacksWhenSkipped,
        streamed: isStream ? Int(archive_filter_bytes(archive, 0)) : 0)
      let goOn = try body(entry) { most in
        guard entry.kind == .file else { return [] }
        return try data(
          of: entry, most: most, archive: archive, path: path, use: &use,
          counts: !unpacksWhenSkipped, lacksDirectory)
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
    let raw = archive_entry_pathname(header) ?? archive_entry_pathname_utf8(header)
    let name = raw.map {
      EntryName(bytes: [UInt8](UnsafeRawBufferPointer(start: $0, count: strlen($0))))
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
    return ArchiveEntry(
      path: name?.text ?? "", nameEncoding: name?.encoding ?? .utf8, kind: kind, size: size,
      isEncrypted: archive_entry_is_encrypted(header) != 0)
  }

  /// ARCHIVE_FORMAT_ZIP.
  private static let zip: CInt = 0x50000
  /// ARCHIVE_FORMAT_7ZIP.
  private static let sevenZip: CInt = 0xE0000

  private static func data(
    of entry: ArchiveEntry, most: Int, archive: OpaquePointer, path: String,
    use: inout ArchiveUse, counts: Bool, _ lacksDirectory: @escaping () -> Bool
  ) throws -> [UInt8] {
    guard !entry.isEncrypted else {
      throw ArchiveError.unreadable(path: path, entry: entry.path, detail: encrypted)
    }
    try use.refuseIfTooLarge(entry, bytes: entry.size ?? 0, most: most)
    if counts { try use.refuseIfNothingIsLeft() }
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
      guard count > 0 else {
        throw failure(archive, path: path, entry: entry.path, lacksDirectory)
      }
      if counts { try use.add(count) }
      try use.refuseIfTooLarge(entry, bytes: bytes.count + count, most: most)
      bytes.append(contentsOf: buffer[0..<count])
    }
  }

  private static let encrypted = "it is encrypted, and there is no password to read it with"

  private static func failure(
    _ archive: OpaquePointer, path: String, entry: String?, _ lacksDirectory: @escaping () -> Bool
  ) -> ArchiveError {
    let detail = archive_error_string(archive).map { String(cString: $0) } ?? "unknown reason"
    let lowered = detail.lowercased()
    if lowered.contains("encrypt") || lowered.contains("passphrase") {
      return .unreadable(path: path, entry: entry, detail: encrypted)
    }
    if lowered.contains("truncated") || lowered.contains("unexpected end") || lacksDirectory() {
      return .truncated(path: path)
    }
    if lowered.contains("unrecognized archive format") { return .notAnArchive(path: path) }
    return .unreadable(path: path, entry: entry, detail: detail)
  }
}
