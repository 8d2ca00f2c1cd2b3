extension HeartbeatSet {
  /// The source a path names: a store folder, a store file, an archive or a folder, also one of several
  /// downloads; without a path the local store if there is one, else the synthetic set.
  ///
  /// - Throws: `RecordingError.missing` or `.damagedStore`.
  static func find(
    _ path: String?, localStore: String = RecordingStore.folderName
  ) throws -> RecordingSource {
    try RecordingSource.find(
      path, localStore: localStore, store: HeartbeatStore.format, called: "a store of heartbeats",
      in: HeartbeatStore.file
    ) { folder in
      PublishedFiles.archive(
        in: folder,
        named: {
          $0.hasSuffix(".zip") && ($0.hasPrefix("mit-bih-arrhythmia") || $0.hasPrefix("mitdb"))
        }, unless: { $0.hasSuffix(".atr") || $0 == KaggleTable.trainFile })
    }
  }
}
