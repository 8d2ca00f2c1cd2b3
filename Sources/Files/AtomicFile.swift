import Foundation
import Glibc

/// Files that are there in full or not at all.
public enum AtomicFile {
  /// Writes beside the destination, flushes, and renames.
  ///
  /// What is no regular file, as `/dev/stdout` or a named pipe, is written to and stays what it is. A
  /// symbolic link stays too: the file that it leads to is replaced.
  ///
  /// - Throws: `FileError.cannotWrite`.
  public static func write(_ data: Data, to path: String) throws {
    var status = stat()
    // of a path that leads nowhere the rename says what is wrong
    guard stat(path, &status) == 0 else { return try replace(path, data) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: try replace(resolved(path), data)
    case S_IFDIR: throw FileError.cannotWrite(path: path, reason: "it is a folder")
    default: try writeThrough(path, data)
    }
  }

  /// Writes a file that need not be in memory: beside the destination, flushed and renamed when `body` has ended.
  ///
  /// - Throws: `FileError.cannotWrite`, also where the destination is no regular file; what `body` throws. Nothing is
  ///   left behind then.
  public static func write(to path: String, _ body: (FileWriter) throws -> Void) throws {
    var status = stat()
    guard stat(path, &status) == 0 else { return try replace(path, body) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw FileError.cannotWrite(path: path, reason: "it is no regular file")
    }
    try replace(resolved(path), body)
  }

  /// Writes text as UTF-8.
  public static func write(_ text: String, to path: String) throws {
    try write(Data(text.utf8), to: path)
  }

  /// Makes sure, before long work, that its result can be written: creates the folder of a file
  /// and asks for the permission to write there, or to write to a device or pipe.
  ///
  /// - Throws: `FileError.cannotWrite`.
  public static func prepare(for path: String) throws {
    var status = stat()
    if stat(path, &status) == 0, ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) {
      guard access(path, W_OK) == 0 else { throw failure(path) }
      return
    }
    try createFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path)
  }

  /// Creates a folder and those above it.
  ///
  /// - Throws: `FileError.cannotWrite`.
  public static func createFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw FileError.cannotWrite(path: path, reason: "the folder cannot be created")
    }
    guard access(path, W_OK) == 0 else { throw failure(path) }
  }

  private static func replace(_ path: String, _ data: Data) throws {
    try replace(path) { file in try data.withUnsafeBytes { try file.append($0) } }
  }

  /// Puts a file in the place of another, or where none is.
  private static func replace(_ path: String, _ body: (FileWriter) throws -> Void) throws {
    let temporary = URL(fileURLWithPath: path).deletingLastPathComponent()
      .appendingPathComponent(".\(UUID().uuidString).part").path
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(path) }
    do {
      defer { close(descriptor) }
      try body(FileWriter(descriptor, for: path))
      guard fsync(descriptor) == 0 else { throw failure(path) }
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let error = failure(path)
      unlink(temporary)
      throw error
    }
  }

  /// Writes to a device or a pipe.
  private static func writeThrough(_ path: String, _ data: Data) throws {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    try data.withUnsafeBytes { try FileWriter(descriptor, for: path).append($0) }
  }

  /// The path without symbolic links.
  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  private static func failure(_ path: String) -> FileError { .cannotWrite(path) }
}
