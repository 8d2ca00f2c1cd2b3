import Glibc

/// Writes to an open file from its beginning.
public struct FileWriter {
  private let descriptor: Int32
  /// The file's path, for people.
  private let path: String

  init(_ descriptor: Int32, for path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  /// Writes behind all that was written.
  ///
  /// - Throws: `FileError.cannotWrite`.
  public func append(_ bytes: UnsafeRawBufferPointer) throws {
    try writeAll(bytes) { rest, _ in write(descriptor, rest.baseAddress, rest.count) }
  }

  /// Writes over bytes that were written, from the one at a place on.
  ///
  /// - Throws: `FileError.cannotWrite`.
  public func overwrite(at place: Int, with bytes: UnsafeRawBufferPointer) throws {
    try writeAll(bytes) { rest, done in
      pwrite(descriptor, rest.baseAddress, rest.count, place + done)
    }
  }

  /// Calls until all is written: a call may write less than it is given, or be interrupted.
  private func writeAll(
    _ bytes: UnsafeRawBufferPointer, _ write: (_ rest: UnsafeRawBufferPointer, _ done: Int) -> Int
  ) throws {
    var done = 0
    while done < bytes.count {
      let count = write(UnsafeRawBufferPointer(rebasing: bytes[done...]), done)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw FileError.cannotWrite(path) }
      done += count
    }
  }
}
