import Glibc

/// What other users of the machine may do with files.
enum Permissions {
  /// Lets everybody read a path and all below it, and run what its owner may run. Links are left alone,
  /// and so is what cannot be changed: reading it then fails, and says so.
  static func letEverybodyRead(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    let isFolder = status.st_mode & S_IFMT == S_IFDIR
    guard isFolder || status.st_mode & S_IFMT == S_IFREG else { return }
    let needed: mode_t = isFolder || status.st_mode & S_IXUSR != 0 ? 0o555 : 0o444
    if status.st_mode & needed != needed { chmod(path, status.st_mode & 0o7777 | needed) }
    guard isFolder, let folder = opendir(path) else { return }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { letEverybodyRead(path + "/" + name) }
    }
  }
}
