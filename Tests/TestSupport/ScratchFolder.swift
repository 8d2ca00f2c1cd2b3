import Foundation

/// A folder that a test fills and that goes away with it.
package final class Scratch: Sendable {
  /// The folder.
  package let path: String

  /// One that all tests of the process share and that goes away with it: for what takes long to make and is
  /// only read.
  package static func ofProcess() throws -> Scratch { try process.get() }

  private static let process: Result<Scratch, any Error> = Result {
    atexit {
      if let path = try? process.get().path { try? FileManager.default.removeItem(atPath: path) }
    }
    return try Scratch()
  }

  /// Makes the folder.
  package init() throws {
    path = URL(fileURLWithPath: NSTemporaryDirectory()).path + "/scratch-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, and the folders above it.
  ///
  /// - Returns: the file's path.
  @discardableResult
  package func write(_ text: String, _ name: String) throws -> String {
    try write(Array(text.utf8), name)
  }

  /// Writes a file of any bytes, and the folders above it.
  @discardableResult
  package func write(_ bytes: [UInt8], _ name: String) throws -> String {
    let file = path + "/" + name
    try FileManager.default.createDirectory(
      atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path,
      withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  /// Runs a shell line in the folder.
  ///
  /// - Throws: what it complained of, when it does not end with status 0.
  package func shell(_ line: String) throws {
    let outcome = try Program(URL(fileURLWithPath: "/bin/sh")).run(["-ec", line], in: path)
    guard outcome.status == 0 else {
      throw FixtureError("\(line): status \(outcome.status), \(outcome.error)")
    }
  }
}
