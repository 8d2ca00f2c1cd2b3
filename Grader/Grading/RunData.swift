import Foundation
import Synchronization

/// The chunks of a run's accuracy checks, made when the first of them is run: a run without any
/// reads no recordings.
final class RunData: Sendable {
  private let file: String
  private let prepare: @Sendable (String) throws -> Void
  private let isPrepared = Mutex(false)

  init(file: String, prepare: @escaping @Sendable (String) throws -> Void) {
    self.file = file
    self.prepare = prepare
  }

  /// The file's path. Whoever asks while it is made waits.
  func path() throws -> String {
    try isPrepared.withLock { isPrepared in
      if !isPrepared { try prepare(file) }
      isPrepared = true
    }
    return file
  }
}
