import Foundation

extension TwelveLeadSet {
  /// The source a path names: a store folder, a store file, an archive or a folder, also one of several
  /// downloads; without a path the local store if there is one, else the synthetic set.
  ///
  /// - Throws: `RecordingError.missing` or `.damagedStore`.
  static func find(
    _ path: String?, localStore: String = RecordingStore.folderName
  ) throws -> RecordingSource {
    let manager = FileManager.default
    guard let path else {
      let file = TwelveLeadStore.file(in: localStore)
      return manager.fileExists(atPath: file) ? .store(path: file) : .synthetic
    }
    guard manager.fileExists(atPath: path) else { throw RecordingError.missing(path: path) }
    for file in [TwelveLeadStore.file(in: path), path] where TwelveLeadStore.format.isStore(file) {
      return .store(path: file)
    }
    if path.hasSuffix(".store") {
      throw RecordingError.damagedStore(
        path: path, problem: "it does not begin as a store of twelve leads")
    }
    for prefix in ["ptb-xl", "challenge2021", "challenge-2021"] {
      let archive = PublishedFiles.archive(
        in: path, named: { $0.hasSuffix(".zip") && $0.hasPrefix(prefix) },
        unless: { $0.hasSuffix(".hea") })
      if let archive { return .archive(path: archive) }
    }
    return .archive(path: path)
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
