import Foundation
import Glibc

/// Files that are there in full or not at all.
public enum AtomicFile {
  /// Writes beside the destination, flushes, and renames.
  ///
  /// - Throws: `BatchError.cannotWrite`.
  public static func write(_ data: Data, to path: String) throws {
    let url = URL(fileURLWithPath: path)
    let temporary = url.deletingLastPathComponent()
      .appendingPathComponent(".\(UUID().uuidString).part").path
    func failure() -> BatchError {
      .cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure() }
    let written = data.withUnsafeBytes { bytes -> Bool in
      var rest = bytes
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return false }
        rest = .init(rebasing: rest[count...])
      }
      return fsync(descriptor) == 0
    }
    let error = failure()
    close(descriptor)
    guard written else {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let error = failure()
      unlink(temporary)
      throw error
    }
  }

  /// Makes sure, before long work, that its result can be written: creates the folder of a file
  /// and asks for the permission to write there.
  ///
  /// - Throws: `BatchError.cannotWrite`.
  public static func prepare(for path: String) throws {
    try createFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path)
  }

  /// Writes text as UTF-8.
  public static func write(_ text: String, to path: String) throws {
    try write(Data(text.utf8), to: path)
  }

  /// Creates a folder and those above it.
  ///
  /// - Throws: `BatchError.cannotWrite`.
  public static func createFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw BatchError.cannotWrite(path: path, reason: "the folder cannot be created")
    }
    guard access(path, W_OK) == 0 else {
      throw BatchError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
  }
}
