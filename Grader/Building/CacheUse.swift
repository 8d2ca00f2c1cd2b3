import Foundation
import Synchronization

/// Who uses a cache folder, so that nobody removes what another process may still need.
///
/// The kernel holds the locks and gives them back when a process ends, however it ends.
enum CacheUse {
  /// A file descriptor for each folder in use. Kept to the end of the process: a worker runs for as
  /// long, whatever became of who built it.
  private static let locks = Mutex<[String: Int32]>([:])

  /// Notes that this process uses a folder from now on. On a file system without locks nothing is
  /// noted, and nobody is held to be there.
  static func begin(_ folder: String) {
    let folder = name(folder)
    locks.withLock { locks in
      guard locks[folder] == nil else { return }
      // another user's file can be read at most, which is enough for a lock
      var descriptor = open(folder + "/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      if descriptor < 0 { descriptor = open(folder + "/.lock", O_RDONLY | O_CLOEXEC) }
      guard descriptor >= 0 else { return }
      _ = flock(descriptor, LOCK_SH)
      locks[folder] = descriptor
    }
  }

  /// Does something unless another process uses the folder, or nobody can tell; who comes meanwhile
  /// waits for its end.
  static func whileAlone(_ folder: String, _ body: () -> Void) {
    begin(folder)
    let folder = name(folder)
    locks.withLock { locks in
      guard let descriptor = locks[folder] else { return }
      let isInUse = flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
      if !isInUse { body() }
      // Also where it is in use: the attempt has given the lock back. Who cleans at this moment leaves
      // what was used last, which is ours.
      _ = flock(descriptor, LOCK_SH)
    }
  }

  /// One name for a folder, however it is written: a second lock of the same process would count as
  /// another's.
  private static func name(_ folder: String) -> String {
    URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
  }
}
