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

  /// A new file, removed at once.
  private static func unnamed(in folder: String) -> Int32? {
    var template = Array((folder + "/rhythmlab-XXXXXX").utf8CString)
    let low = mkstemp(&template)
    guard low >= 0 else { return nil }
    defer { close(low) }
    return unlink(template) == 0 ? high(low) : nil
  }

  /// The same descriptor as 64 or more, where none for a child covers it; nil where there is none left.
  private static func high(_ descriptor: Int32) -> Int32? {
    let high = fcntl(descriptor, F_DUPFD_CLOEXEC, 64)
    return high < 0 ? nil : high
  }

  /// The bytes that it has.
  package var byteCount: Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Writes bytes at an offset; false where there is no room for them.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
    Self.moveAll(bytes.count) { done in
      bytes.baseAddress.map {
        pwrite(descriptor, $0 + done, bytes.count - done, off_t(offset + done))
      }
    }
  }

  /// Reads bytes from an offset; false where they are not there.
  package func read(_ bytes: UnsafeMutableRawBufferPointer, at offset: Int) -> Bool {
    Self.moveAll(bytes.count) { done in
      bytes.baseAddress.map {
        pread(descriptor, $0 + done, bytes.count - done, off_t(offset + done))
      }
    }
  }

  /// Calls `move` until all bytes are moved; false where it moves none.
  ///
  /// - Parameter move: is told how many are done, and gives what the system call gave.
  private static func moveAll(_ count: Int, _ move: (_ done: Int) -> Int?) -> Bool {
    var done = 0
    while done < count {
      let moved = move(done) ?? 0
      if moved < 0 && errno == EINTR { continue }
      guard moved > 0 else { return false }
      done += moved
    }
    return true
  }

  /// The same file opened for reading alone, for a child; close it. Nil where that cannot be.
  package func openedForReading() -> Int32? {
    let low = open("/proc/self/fd/\(descriptor)", O_RDONLY | O_CLOEXEC)
    guard low >= 0 else { return nil }
    defer { close(low) }
    return Self.high(low)
  }

  deinit {
    if isOwn { close(descriptor) }
  }
}
