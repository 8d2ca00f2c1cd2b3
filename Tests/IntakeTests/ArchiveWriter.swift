import CArchive
import Foundation

/// Writes archives through libarchive, with whatever entries a test needs.
enum ArchiveWriter {
  /// What an entry is.
  enum Kind {
    case file([UInt8])
    case folder
    case symbolicLink(to: String)
    case hardLink(to: String)
    case device
    case pipe
  }

  /// The archive's format and compression.
  enum Format { case zip, storedZip, tar, tarGz }

  /// One entry.
  struct Entry {
    let path: [UInt8]
    let kind: Kind

    init(_ path: String, _ text: String) {
      self.path = Array(path.utf8)
      kind = .file(Array(text.utf8))
    }

    init(_ path: String, _ kind: Kind) {
      self.path = Array(path.utf8)
      self.kind = kind
    }

    /// A name in a foreign encoding.
    init(raw path: [UInt8], _ text: String) {
      self.path = path
      kind = .file(Array(text.utf8))
    }
  }

  struct Failure: Error { let detail: String }

  /// An archive's bytes.
  ///
  /// - Parameter password: encrypts a zip's files.
  static func bytes(
    _ format: Format, _ entries: [Entry], password: String? = nil
  ) throws -> [UInt8] {
    guard let archive = archive_write_new() else { throw Failure(detail: "no memory") }
    defer { archive_write_free(archive) }
    func check(_ status: CInt) throws {
      // A warning is about names in no known encoding, which some tests want.
      guard status >= ARCHIVE_WARN else {
        throw Failure(detail: String(cString: archive_error_string(archive)))
      }
    }
    switch format {
    case .zip, .storedZip:
      try check(archive_write_set_format_zip(archive))
      if format == .storedZip { try check(archive_write_zip_set_compression_store(archive)) }
    case .tar, .tarGz:
      try check(archive_write_set_format_ustar(archive))
      if format == .tarGz { try check(archive_write_add_filter_gzip(archive)) }
    }
    if let password {
      try check(archive_write_set_options(archive, "zip:encryption=aes256"))
      try check(archive_write_set_passphrase(archive, password))
    }
    let size = entries.reduce(1 << 20) { size, entry in
      if case .file(let data) = entry.kind { return size + data.count + 4096 }
      return size + 4096
    }
    var buffer = [UInt8](repeating: 0, count: size)
    var used = 0
    try buffer.withUnsafeMutableBytes { buffer in
      try check(archive_write_open_memory(archive, buffer.baseAddress, buffer.count, &used))
      for entry in entries { try write(entry, to: archive, check) }
      try check(archive_write_close(archive))
    }
    return Array(buffer[..<used])
  }

  private static func write(
    _ entry: Entry, to archive: OpaquePointer, _ check: (CInt) throws -> Void
  ) throws {
    let header = archive_entry_new()
    defer { archive_entry_free(header) }
    archive_entry_copy_pathname(header, entry.path.map { CChar(bitPattern: $0) } + [0])
    archive_entry_set_perm(header, 0o644)
    archive_entry_set_size(header, 0)
    archive_entry_set_filetype(header, 0o100000)
    var data: [UInt8] = []
    switch entry.kind {
    case .file(let bytes):
      data = bytes
      archive_entry_set_size(header, Int64(bytes.count))
    case .folder: archive_entry_set_filetype(header, 0o040000)
    case .symbolicLink(let target):
      archive_entry_set_filetype(header, 0o120000)
      archive_entry_set_symlink(header, target)
    case .hardLink(let target): archive_entry_set_hardlink(header, target)
    case .device:
      archive_entry_set_filetype(header, 0o020000)
      archive_entry_set_rdev(header, 0x103)
    case .pipe: archive_entry_set_filetype(header, 0o010000)
    }
    try check(archive_write_header(archive, header))
    if !data.isEmpty, archive_write_data(archive, data, data.count) != data.count {
      throw Failure(detail: "not everything was written")
    }
  }
}
