import CSpawn
import Foundation

/// A pipe whose ends no other child inherits.
public struct DescriptorPipe: Sendable {
  /// The descriptor to read from.
  public let readEnd: Int32
  /// The descriptor to write to.
  public let writeEnd: Int32

  /// Opens a pipe, close-on-exec on both ends.
  ///
  /// The numbers are 64 or higher, so that placing one at a child's descriptor 3 can never cover
  /// the other.
  ///
  /// - Throws: `SandboxError.system`.
  public init() throws {
    var low: [Int32] = [-1, -1]
    guard cspawn_pipe(&low) == 0 else { throw Self.failure() }
    defer { low.forEach { _ = close($0) } }
    let read = fcntl(low[0], F_DUPFD_CLOEXEC, 64)
    guard read >= 0 else { throw Self.failure() }
    let write = fcntl(low[1], F_DUPFD_CLOEXEC, 64)
    guard write >= 0 else {
      close(read)
      throw Self.failure()
    }
    readEnd = read
    writeEnd = write
  }

  private static func failure() -> SandboxError {
    .system(operation: "opening a pipe", reason: String(cString: strerror(errno)))
  }
}
