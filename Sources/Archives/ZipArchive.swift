import CArchive
import Foundation

/// Writes zip files through libarchive.
public enum ZipArchive {
  /// Writes the file at `path`, one entry for each call of `add` with a name and its bytes. No entry
  /// has a date of its own, so that the same entries give the same bytes.
  ///
  /// Throws `ArchiveError.unwritable`, and whatever `body` throws; the file is then of no use.
  public static func write(
    to path: String,
    _ body: (_ add: (_ name: String, _ bytes: [UInt8]) throws -> Void) throws -> Void
  ) throws {
    guard let archive = archive_write_new() else {
      throw ArchiveError.unwritable(path: path, detail: "out of memory")
    }
    defer { archive_write_free(archive) }
    func check(_ status: Int32) throws {
      guard status == ARCHIVE_OK || status == ARCHIVE_WARN else {
        let detail = archive_error_string(archive).map { String(cString: $0) } ?? "unknown reason"
        throw ArchiveError.unwritable(path: path, detail: detail)
      }
    }
    try check(archive_write_set_format_zip(archive))
    try check(archive_write_open_filename(archive, path))
    try body { name, bytes in
      guard let entry = archive_entry_new() else {
        throw ArchiveError.unwritable(path: path, detail: "out of memory")
      }
      defer { archive_entry_free(entry) }
      archive_entry_set_pathname_utf8(entry, name)
      archive_entry_set_size(entry, la_int64_t(bytes.count))
      // the number of AE_IFREG: Swift does not see macros with casts
      archive_entry_set_filetype(entry, 0o100000)
      archive_entry_set_perm(entry, 0o644)
      // 1 January 2017; without any date libarchive takes the clock's
      archive_entry_set_mtime(entry, 1_483_228_800, 0)
      try check(archive_write_header(archive, entry))
      guard archive_write_data(archive, bytes, bytes.count) == bytes.count else {
        return try check(ARCHIVE_FATAL)
      }
    }
    try check(archive_write_close(archive))
  }
}
