import Foundation

/// How much lies in folders that an untrusted command writes.
package struct WrittenFiles: Equatable {
  /// Files, links and folders, without the folders themselves.
  package private(set) var count = 0
  /// Bytes that they take on disk.
  package private(set) var bytes = 0

  /// Looks, without following links.
  ///
  /// - Parameter most: about so many are counted. What cannot be looked at, as folders in folders
  ///   beyond what a path can say, counts as more.
  package init(in folders: [String], most: Int) {
    // names may be any bytes, not only text
    var pending = folders.map { Array($0.utf8CString.dropLast()) }
    let slash = [CChar(bitPattern: UInt8(ascii: "/"))]
    while count <= most, let folder = pending.popLast() {
      guard let stream = opendir(folder + [0]) else {
        // it may have been removed in between
        if errno != ENOENT { count = most + 1 }
        continue
      }
      defer { closedir(stream) }
      while count <= most, let entry = readdir(stream) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) {
          $0.prefix { $0 != 0 }.map { CChar(bitPattern: $0) }
        }
        let point = CChar(bitPattern: UInt8(ascii: "."))
        guard name != [point], name != [point, point] else { continue }
        var status = stat()
        count += 1
        guard fstatat(dirfd(stream), name + [0], &status, AT_SYMLINK_NOFOLLOW) == 0 else {
          continue
        }
        bytes += Int(status.st_blocks) * 512
        if status.st_mode & S_IFMT == S_IFDIR { pending.append(folder + slash + name) }
      }
    }
  }
}
