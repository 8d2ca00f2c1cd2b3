import Foundation

/// Where a command's recordings come from.
public enum RecordingSource: Sendable, Equatable {
  /// The file of a local store.
  case store(path: String)
  /// An archive or a folder as PhysioNet hands them out.
  case archive(path: String)
  /// The synthetic set, where there is no other.
  case synthetic

  /// The source a path names: a store folder, a store file, an archive or a folder; without a
  /// path the local store if there is one, else the synthetic set. Throws `RecordingError.missing`.
  public static func find(
    _ path: String?, localStore: String = RecordingStore.folderName
  ) throws -> RecordingSource {
    let manager = FileManager.default
    guard let path else {
      let file = RecordingStore.file(in: localStore)
      return manager.fileExists(atPath: file) ? .store(path: file) : .synthetic
    }
    guard manager.fileExists(atPath: path) else { throw RecordingError.missing(path: path) }
    for file in [RecordingStore.file(in: path), path] where RecordingStore.isStore(file) {
      return .store(path: file)
    }
    if path.hasSuffix(".store") {
      throw RecordingError.damagedStore(path: path, problem: "it does not begin as a store")
    }
    return .archive(path: path)
  }

  /// The recordings; their `source` says where they came from. Damaged and missing ones are errors,
  /// or named in `skipped` where not `strict`. Throws `RecordingError` or `ArchiveError`.
  public func load(
    strict: Bool = true, progress: RecordingArchive.Progress = { _, _ in }
  ) throws -> RecordingSet {
    switch self {
    case .store(let path): try RecordingStore.load(path)
    case .archive(let path): try RecordingArchive.read(path, strict: strict, progress: progress)
    case .synthetic: SyntheticRecordings.make(progress: progress)
    }
  }

  /// Whether the recordings are synthetic, without reading them all. Throws `RecordingError` or
  /// `ArchiveError`.
  public func isSynthetic() throws -> Bool {
    switch self {
    case .store(let path): RecordingStore.isSynthetic(path)
    case .archive(let path): try RecordingArchive.isSynthetic(path)
    case .synthetic: true
    }
  }

  /// Finds and loads in one step.
  public static func load(
    _ path: String?, localStore: String = RecordingStore.folderName,
    progress: RecordingArchive.Progress = { _, _ in }
  ) throws -> RecordingSet {
    try find(path, localStore: localStore).load(progress: progress)
  }

  /// The source in words, for people.
  public var description: String {
    switch self {
    case .store(let path): "the store \(path)"
    case .archive(let path): path
    case .synthetic:
      "synthetic recordings, for none are imported (./rhythm data download fetches the real ones)"
    }
  }
}
