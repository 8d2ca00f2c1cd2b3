import Archives
import Foundation

/// The files of an archive or of a folder, as somebody published them.
struct PublishedFiles {
  /// The archive or folder.
  let path: String
  private let isFolder: Bool
  private let limits: ArchiveLimits

  /// Folders within folders that are looked through, and files of all.
  private static let mostFolders = 12
  private static let mostFiles = 400_000

  /// - Throws: `RecordingError.missing`.
  init(_ path: String, limits: ArchiveLimits) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw RecordingError.missing(path: path)
    }
    self.path = path
    self.isFolder = isFolder.boolValue
    self.limits = limits
  }

  /// Calls `body` for each file, with its path below the archive or folder and a way to read it, until it
  /// returns false. Shadows of macOS (`._name`) are passed over.
  ///
  /// - Throws: `RecordingError` or `ArchiveError`, and whatever `body` throws.
  func forEach(
    _ body: (_ name: String, _ read: () throws -> [UInt8]) throws -> Bool
  ) throws {
    if isFolder {
      for name in try Self.names(in: path) where !Self.isShadow(name) {
        let goOn = try body(name) {
          try Self.contents(of: path + "/" + name, atMost: limits.maximumEntryBytes)
        }
        if !goOn { return }
      }
    } else {
      try ArchiveReader.forEachEntry(in: path, limits: limits) { entry, read in
        guard entry.kind == .file, let name = entry.safeRelativePath, !Self.isShadow(name) else {
          return true
        }
        return try withoutActuallyEscaping(read) { read in try body(name) { try read() } }
      }
    }
  }

  /// Calls `body` for each file that belongs to a recording which is still wanted. What is wrong with one recording is
  /// handed to `skip`, for the others can still be read; what is wrong with all of them is thrown.
  ///
  /// - Parameters:
  ///   - recording: whose file it is; nil where it is passed over.
  ///   - body: is given the recording, the file's name and its bytes.
  /// - Throws: `RecordingError` or `ArchiveError`, and whatever `skip` throws.
  func forEach<Recording>(
    of recording: (_ name: String) -> Recording?,
    _ body: (Recording, _ name: String, _ bytes: [UInt8]) throws -> Void,
    skip: (Recording, any Error) throws -> Void
  ) throws {
    try forEach { name, read in
      guard let own = recording(name) else { return true }
      do {
        try body(own, name, try read())
      } catch let error as ArchiveError {
        // Of one entry: the others can still be read, unless the next header says otherwise.
        guard case .unreadable(_, .some, _) = error else { throw error }
        try skip(own, error)
      } catch let error as RecordingError where error.isOfOneRecording {
        try skip(own, error)
      }
      return true
    }
  }

  /// A file's place in sentences.
  func place(_ name: String) -> String { isFolder ? "\(path)/\(name)" : "\(path): \(name)" }

  /// Whether a file is a shadow that macOS puts beside another in its archives.
  static func isShadow(_ name: String) -> Bool {
    let file = file(name)
    return file.isEmpty || file.hasPrefix("._")
  }

  /// The folder of a file, with a slash behind it, or nothing.
  static func folder(of name: String) -> String {
    name.lastIndex(of: "/").map { String(name[...$0]) } ?? ""
  }

  /// The name of a file without its folders.
  static func file(_ name: String) -> String {
    guard let slash = name.utf8.lastIndex(of: UInt8(ascii: "/")) else { return name }
    return String(name[name.utf8.index(after: slash)...])
  }

  /// The paths of all files in a folder at any depth, as PhysioNet's own tree has them
  /// (`training/A00/A00001.mat`), sorted; what is hidden is passed over.
  ///
  /// - Throws: `RecordingError.unreadable`.
  static func names(in folder: String) throws -> [String] {
    var files: [String] = []
    func list(_ place: String, _ depth: Int) throws {
      for name in try entries(of: folder + "/" + place) where !name.hasPrefix(".") {
        let path = place.isEmpty ? name : place + "/" + name
        var isFolder: ObjCBool = false
        guard files.count < mostFiles,
          FileManager.default.fileExists(atPath: folder + "/" + path, isDirectory: &isFolder)
        else { continue }
        if !isFolder.boolValue {
          files.append(path)
        } else if depth < mostFolders {
          try list(path, depth + 1)
        }
      }
    }
    try list("", 0)
    return files
  }

  private static func entries(of folder: String) throws -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    } catch {
      throw RecordingError.unreadable(
        path: URL(fileURLWithPath: folder).path, detail: reason(error))
    }
  }

  /// The bytes of a file.
  ///
  /// - Throws: `RecordingError.unreadable`, also where it is larger than `limit`.
  static func contents(of file: some StringProtocol, atMost limit: Int = .max) throws -> [UInt8] {
    let path = String(file)
    let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
    if let size, size.intValue > limit {
      throw RecordingError.unreadable(path: path, detail: "it is larger than \(limit) bytes")
    }
    do {
      return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw RecordingError.unreadable(path: path, detail: reason(error))
    }
  }

  /// The archive that a folder of several downloads holds of a kind; nil where it has none, or `isPublished`
  /// says of one of its files that the recordings themselves are there.
  ///
  /// - Parameter isArchive: whether a file's name is that of the archive.
  static func archive(
    in folder: String, named isArchive: (String) -> Bool, unless isPublished: (String) -> Bool
  ) -> String? {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
      isFolder.boolValue, let names = try? names(in: folder),
      !names.contains(where: { isPublished(file($0)) })
    else { return nil }
    return names.first { isArchive(file($0)) }.map { folder + "/" + $0 }
  }
}
