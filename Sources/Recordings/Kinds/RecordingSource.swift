import Foundation

/// Where a command's recordings come from.
public enum RecordingSource: Sendable, Equatable {
  /// The file of a local store.
  case store(path: String)
  /// An archive or a folder as it is published.
  case archive(path: String)
  /// The synthetic set, where there is no other.
  case synthetic

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

extension RecordingSource {
  /// The source that a path names: a store folder, a store file, an archive or a folder, also one of several downloads;
  /// without a path the local store if there is one, else the synthetic set.
  ///
  /// - Parameters:
  ///   - localStore: the folder of the local store.
  ///   - format: that of the kind's store.
  ///   - noun: what the store is called, `a store of heartbeats`.
  ///   - file: the store's file in a folder.
  ///   - archive: the kind's own archive in a folder of several downloads; nil where there is none.
  /// - Throws: `RecordingError.missing` or `.damagedStore`.
  static func find(
    _ path: String?, localStore: String, store format: StoreFile, called noun: String,
    in file: (_ folder: String) -> String, archive: (_ folder: String) -> String?
  ) throws -> RecordingSource {
    let manager = FileManager.default
    guard let path else {
      let local = file(localStore)
      return manager.fileExists(atPath: local) ? .store(path: local) : .synthetic
    }
    guard manager.fileExists(atPath: path) else { throw RecordingError.missing(path: path) }
    for place in [file(path), path] where format.isStore(place) { return .store(path: place) }
    if path.hasSuffix(".store") {
      throw RecordingError.damagedStore(path: path, problem: "it does not begin as \(noun)")
    }
    return .archive(path: archive(path) ?? path)
  }
}
