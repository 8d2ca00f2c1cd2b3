import Foundation

/// One temporary file, used again and again: libmatio reads files only, not bytes in memory.
package final class ScratchFile {
  let path: String
  private let descriptor: Int32

  package init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("rhythmlab-\(UUID().uuidString).mat").path
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL, 0o600)
    guard descriptor >= 0 else { throw failure() }
  }

  /// Makes `bytes` the whole contents. Overwriting in place is quicker than a new file each time.
  func replace(with bytes: ArraySlice<UInt8>) throws {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(
          descriptor, $0.baseAddress?.advanced(by: written), $0.count - written, off_t(written))
      }
      guard count > 0 else { throw failure() }
      written += count
    }
    guard ftruncate(descriptor, off_t(bytes.count)) == 0 else { throw failure() }
  }

  private func failure() -> RecordingError {
    .unwritable(path: path, detail: String(cString: strerror(errno)))
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(path)
  }
}
