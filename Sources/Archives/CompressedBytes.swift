import CArchive

/// Bytes as one stream of xz, through libarchive: smaller for files that are kept and sent. The same bytes
/// give the same stream.
public enum CompressedBytes {
  /// Compresses bytes.
  ///
  /// - Throws: `ArchiveError.unwritable`.
  public static func compressed(_ bytes: [UInt8]) throws -> [UInt8] {
    // what does not compress grows by less than this
    var stream = [UInt8](repeating: 0, count: bytes.count + bytes.count / 8 + 4096)
    var used = 0
    guard let archive = archive_write_new(), let entry = archive_entry_new() else {
      throw ArchiveError.unwritable(path: name, detail: "out of memory")
    }
    defer {
      archive_write_free(archive)
      archive_entry_free(entry)
    }
    func check(_ status: Int32) throws {
      guard status == ARCHIVE_OK || status == ARCHIVE_WARN else {
        throw ArchiveError.unwritable(path: name, detail: reason(archive))
      }
    }
    try check(archive_write_set_format_raw(archive))
    try check(archive_write_add_filter_xz(archive))
    // else the end is filled up to a block of a tape
    try check(archive_write_set_bytes_in_last_block(archive, 1))
    // the number of AE_IFREG: Swift does not see macros with casts
    archive_entry_set_filetype(entry, 0o100000)
    try stream.withUnsafeMutableBytes { stream in
      try check(archive_write_open_memory(archive, stream.baseAddress, stream.count, &used))
      try check(archive_write_header(archive, entry))
      guard archive_write_data(archive, bytes, bytes.count) == bytes.count else {
        return try check(ARCHIVE_FATAL)
      }
      try check(archive_write_close(archive))
    }
    return Array(stream.prefix(used))
  }

  /// The bytes that were compressed.
  ///
  /// - Parameters:
  ///   - path: where the stream is from, for sentences.
  ///   - limit: how many bytes there may be.
  /// - Throws: `ArchiveError` where it is no stream, is cut short or damaged, or holds more.
  public static func decompressed(
    _ stream: [UInt8], from path: String, atMost limit: Int
  ) throws -> [UInt8] {
    guard let archive = archive_read_new() else {
      throw ArchiveError.unreadable(path: path, entry: nil, detail: "out of memory")
    }
    defer { archive_read_free(archive) }
    archive_read_support_filter_xz(archive)
    archive_read_support_format_raw(archive)
    // a stream of no bytes
    archive_read_support_format_empty(archive)
    return try stream.withUnsafeBytes { stream in
      func failure() -> ArchiveError {
        .unreadable(path: path, entry: nil, detail: reason(archive))
      }
      var header: OpaquePointer?
      guard archive_read_open_memory(archive, stream.baseAddress, stream.count) == ARCHIVE_OK else {
        throw failure()
      }
      let status = archive_read_next_header(archive, &header)
      guard [ARCHIVE_OK, ARCHIVE_EOF].contains(status) else { throw failure() }
      guard archive_filter_count(archive) > 1 else {
        throw ArchiveError.unreadable(path: path, entry: nil, detail: "it is no stream of xz")
      }
      if status == ARCHIVE_EOF { return [] }
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        let count = buffer.withUnsafeMutableBytes {
          archive_read_data(archive, $0.baseAddress, $0.count)
        }
        if count == 0 { return bytes }
        guard count > 0 else { throw failure() }
        guard bytes.count + count <= limit else {
          throw ArchiveError.limitExceeded(path: path, what: "it holds more than \(limit) bytes")
        }
        bytes.append(contentsOf: buffer[0..<count])
      }
    }
  }

  private static let name = "a stream of xz"

  private static func reason(_ archive: OpaquePointer) -> String {
    archive_error_string(archive).map { String(cString: $0) } ?? "unknown reason"
  }
}
