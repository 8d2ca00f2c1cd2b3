import Foundation

/// What has been fetched of a file so far: `FILE.part`, and beside it `FILE.part.info` with the
/// address, the validator and the size of what it is a part of. A later run goes on with it.
final class PartialFile {
  let path: String
  private let infoPath: String
  private let descriptor: Int32
  private let url: String
  /// Bytes on the disk.
  private(set) var count = 0
  /// What the server called this version of the file.
  private(set) var validator: String?
  /// The whole file's size, where the server said it.
  private(set) var total: Int?

  /// Opens or makes the part of `destination`. What was fetched from another address, or without a
  /// validator, is of no use.
  ///
  /// - Throws: `DownloadError.cannotWrite` or `.busy`.
  init(of destination: String, from url: String) throws {
    path = destination + ".part"
    infoPath = path + ".info"
    self.url = url
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.failure(path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw DownloadError.busy(path: destination)
    }
    let lines = (try? String(contentsOfFile: infoPath, encoding: .utf8))?
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if let lines, lines.count >= 3, lines[0] == url, !lines[1].isEmpty {
      validator = lines[1]
      total = Int(lines[2])
      count = Int(lseek(descriptor, 0, SEEK_END))
    }
    if count == 0 { try restart(validator: nil, total: nil) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Empties the file for another version.
  func restart(validator: String?, total: Int?) throws {
    // The note goes first: bytes without it are thrown away, a note without bytes does no harm.
    unlink(infoPath)
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw Self.failure(path)
    }
    (count, self.validator, self.total) = (0, validator, total)
    guard let validator else { return }
    let note = "\(url)\n\(validator)\n\(total.map(String.init) ?? "")\n"
    guard (try? Data(note.utf8).write(to: URL(fileURLWithPath: infoPath), options: .atomic)) != nil
    else { throw Self.failure(infoPath) }
  }

  /// Adds bytes at the end.
  func append(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes
    while !rest.isEmpty {
      let written = write(descriptor, rest.baseAddress, rest.count)
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw Self.failure(path, needed: (total ?? 0) - count) }
      count += written
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }

  /// Whether the file begins with these bytes.
  func begins(with signature: [UInt8]) -> Bool {
    var bytes = [UInt8](repeating: 0, count: signature.count)
    return pread(descriptor, &bytes, bytes.count, 0) == bytes.count && bytes == signature
  }

  /// Gives the whole file its name.
  func finish(as destination: String) throws {
    guard fsync(descriptor) == 0, rename(path, destination) == 0 else {
      throw Self.failure(destination)
    }
    unlink(infoPath)
  }

  /// Removes it, for it is of no use to anyone.
  func remove() {
    unlink(infoPath)
    unlink(path)
  }

  private static func failure(_ path: String, needed: Int = 0) -> DownloadError {
    let code = errno
    return code == ENOSPC || code == EDQUOT
      ? .noSpace(path: path, needed: max(needed, 0), free: Disk.freeBytes(beside: path) ?? 0)
      : .cannotWrite(path: path, detail: String(cString: strerror(code)))
  }
}

/// The disk that a file is on.
enum Disk {
  /// Bytes that anyone may still write beside `path`.
  static func freeBytes(beside path: String) -> Int? {
    var figures = statvfs()
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard statvfs(folder, &figures) == 0 else { return nil }
    return Int(clamping: UInt64(figures.f_bavail) * UInt64(figures.f_frsize))
  }
}
