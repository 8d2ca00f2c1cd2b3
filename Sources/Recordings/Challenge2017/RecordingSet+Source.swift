/// Reading a set from wherever it is.
extension RecordingSet {
  /// The source a path names: a store folder, a store file, an archive or a folder; without a
  /// path the local store if there is one, else the synthetic set. Throws `RecordingError.missing`.
  public static func find(
    _ path: String?, localStore: String = RecordingStore.folderName
  ) throws -> RecordingSource {
    try RecordingSource.find(
      path, localStore: localStore, store: RecordingStore.format, called: "a store",
      in: RecordingStore.file
    ) { folder in
      PublishedFiles.archive(
        in: folder, named: { $0 == DataOffer.challenge2017.fileName },
        unless: { $0 == RecordingArchive.labelFile })
    }
  }

  /// The recordings; their `source` says where they came from. Damaged and missing ones are errors,
  /// or named in `skipped` where not `strict`. Throws `RecordingError` or `ArchiveError`.
  public static func load(
    _ source: RecordingSource, strict: Bool = true, progress: RecordingProgress = { _, _ in }
  ) throws -> RecordingSet {
    switch source {
    case .store(let path): try RecordingStore.load(path)
    case .archive(let path): try RecordingArchive.read(path, strict: strict, progress: progress)
    case .synthetic: SyntheticRecordings.make(progress: progress)
    }
  }

  /// Whether the recordings are synthetic, without reading them all. Throws `RecordingError` or
  /// `ArchiveError`.
  public static func isSynthetic(_ source: RecordingSource) throws -> Bool {
    switch source {
    case .store(let path): RecordingStore.format.isSynthetic(path)
    case .archive(let path): try RecordingArchive.isSynthetic(path)
    case .synthetic: true
    }
  }

  /// Finds and loads in one step.
  public static func load(
    _ path: String?, localStore: String = RecordingStore.folderName,
    progress: RecordingProgress = { _, _ in }
  ) throws -> RecordingSet {
    try load(find(path, localStore: localStore), progress: progress)
  }
}

extension DataKind where Collection == RecordingSet {
  /// The source that a path names. Throws `RecordingError.missing`.
  public func find(_ path: String?, localStore: String) throws -> RecordingSource {
    try RecordingSet.find(path, localStore: localStore)
  }

  /// Whether a source is synthetic. Throws `RecordingError` or `ArchiveError`.
  public func isSynthetic(_ source: RecordingSource) throws -> Bool {
    try RecordingSet.isSynthetic(source)
  }
}
