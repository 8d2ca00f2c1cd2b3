extension TwelveLeadSet {
  /// The source a path names: a store folder, a store file, an archive or a folder, also one of several
  /// downloads; without a path the local store if there is one, else the synthetic set.
  ///
  /// - Throws: `RecordingError.missing` or `.damagedStore`.
  static func find(
    _ path: String?, localStore: String = RecordingStore.folderName
  ) throws -> RecordingSource {
    try RecordingSource.find(
      path, localStore: localStore, store: TwelveLeadStore.format,
      called: "a store of twelve leads", in: TwelveLeadStore.file
    ) { folder in
      ["ptb-xl", "challenge2021", "challenge-2021"].lazy.compactMap { prefix in
        PublishedFiles.archive(
          in: folder, named: { $0.hasSuffix(".zip") && $0.hasPrefix(prefix) },
          unless: { $0.hasSuffix(".hea") })
      }.first
    }
  }

  /// Reads a source.
  ///
  /// - Throws: `RecordingError` or `ArchiveError`.
  static func load(
    _ source: RecordingSource, strict: Bool, progress: RecordingProgress
  ) throws -> TwelveLeadSet {
    switch source {
    case .store(let path): try TwelveLeadStore.load(path)
    case .archive(let path): try TwelveLeadFiles.read(path, strict: strict, progress: progress)
    case .synthetic:
      SyntheticTwelveLeads.make(
        count: SyntheticTwelveLeads.defaultCount, seed: SyntheticTwelveLeads.defaultSeed,
        progress: progress)
    }
  }
}
