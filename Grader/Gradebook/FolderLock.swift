import Foundation

/// Keeps a folder to one process.
///
/// The kernel holds the lock and gives it back when the process ends, however it ends, so no lock
/// is ever left behind. The process id in the file is only for the sentence that names it.
final class FolderLock: Sendable {
  private let descriptor: Int32

  /// - Throws: `GradebookError.locked`, `GradebookError.damaged` when the file cannot be made.
  init(folder: String) throws {
    let path = folder + "/.lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw GradebookError.damaged(path: path, reason: String(cString: strerror(errno)))
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let text = FileManager.default.contents(atPath: path).map {
        String(decoding: $0, as: UTF8.self)
      }
      close(descriptor)
      throw GradebookError.locked(
        folder: folder,
        process: text.flatMap { Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) })
    }
    let text = Array("\(getpid())\n".utf8)
    _ = ftruncate(descriptor, 0)
    _ = pwrite(descriptor, text, text.count, 0)
  }

  deinit { close(descriptor) }
}
