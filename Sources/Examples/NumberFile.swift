import Glibc
import TensorCore

/// An open file with numbers that are too many to keep in memory.
///
/// One that is made here has no name: no other program finds it, and the kernel takes it away when the last who has it
/// open ends, however that may be.
public final class NumberFile: Sendable {
  /// The descriptor.
  package let descriptor: Int32
  private let isOwn: Bool

  /// Makes an empty file, where `TMPDIR` says or in `/var/tmp`, which is on a disk on most systems. Nil where none can
  /// be made.
  package init?() {
    let named = getenv("TMPDIR").map { String(cString: $0) }
    let folders = [named, "/var/tmp", "/tmp"].compactMap { $0 }
    for folder in folders where !folder.isEmpty {
      if let descriptor = Self.unnamed(in: folder) {
        self.descriptor = descriptor
        isOwn = true
        return
      }
    }
    return nil
  }

  /// Opens a regular file for reading. Nil where that cannot be; `errno` says why.
  package init?(reading path: String) {
    // so that a pipe with nobody at its other end does not hold the program
    let opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard opened >= 0 else { return nil }
    var status = stat()
    guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(opened)
      errno = EINVAL
      return nil
    }
    descriptor = opened
    isOwn = true
  }

  /// A file that is open already, and is left open.
  package init(inherited descriptor: Int32) {
    self.descriptor = descriptor
    isOwn = false
  }

  /// A new file, removed at once; its number is 64 or more, like that of a pipe for a child.
  private static func unnamed(in folder: String) -> Int32? {
    var template = Array((folder + "/rhythmlab-XXXXXX").utf8CString)
    let low = mkstemp(&template)
    guard low >= 0 else { return nil }
    defer { close(low) }
    guard unlink(template) == 0 else { return nil }
    let high = fcntl(low, F_DUPFD_CLOEXEC, 64)
    return high < 0 ? nil : high
  }

  /// The bytes that it has.
  package var byteCount: Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Writes bytes at an offset; false where there is no room for them.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let count = pwrite(descriptor, base + done, bytes.count - done, off_t(offset + done))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }

  /// Reads bytes from an offset; false where they are not there.
  package func read(_ bytes: UnsafeMutableRawBufferPointer, at offset: Int) -> Bool {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let count = pread(descriptor, base + done, bytes.count - done, off_t(offset + done))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }

  /// The same file opened for reading alone, for a child; close it. Nil where that cannot be.
  package func openedForReading() -> Int32? {
    let low = open("/proc/self/fd/\(descriptor)", O_RDONLY | O_CLOEXEC)
    guard low >= 0 else { return nil }
    defer { close(low) }
    let high = fcntl(low, F_DUPFD_CLOEXEC, 64)
    return high < 0 ? nil : high
  }

  deinit {
    if isOwn { close(descriptor) }
  }
}
