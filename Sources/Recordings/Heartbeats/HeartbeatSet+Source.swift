import Foundation

extension HeartbeatSet {
  /// The source a path names: a store folder, a store file, an archive or a folder, also one of several
  /// downloads; without a path the local store if there is one, else the synthetic set.
  ///
  /// - Throws: `RecordingError.missing` or `.damagedStore`.
  static func find(
    _ path: String?, localStore: String = RecordingStore.folderName
  ) throws -> RecordingSource {
    let manager = FileManager.default
    guard let path else {
      let file = HeartbeatStore.file(in: localStore)
      return manager.fileExists(atPath: file) ? .store(path: file) : .synthetic
    }
    guard manager.fileExists(atPath: path) else { throw RecordingError.missing(path: path) }
    for file in [HeartbeatStore.file(in: path), path] where HeartbeatStore.format.isStore(file) {
      return .store(path: file)
    }
    if path.hasSuffix(".store") {
      throw RecordingError.damagedStore(
        path: path, problem: "it does not begin as a store of heartbeats")
    }
    let archive = PublishedFiles.archive(
      in: path,
      named: {
        $0.hasSuffix(".zip") && ($0.hasPrefix("mit-bih-arrhythmia") || $0.hasPrefix("mitdb"))
      }, unless: { $0.hasSuffix(".atr") || $0 == KaggleTable.trainFile })
    return .archive(path: archive ?? path)
  }
}
