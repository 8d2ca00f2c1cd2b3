import Examples

/// The store of the challenge's recordings: a line `name,label,samples` each, and the samples as Int16.
public enum RecordingStore {
  /// The store's usual folder, in the working copy.
  public static let folderName = ".rhythmlab"
  /// The store's file in its folder.
  public static let fileName = "recordings.store"

  static let format = StoreFile(magic: "RHYTHMEC", version: 1, elementBytes: 2)

  /// The store's file for a store folder.
  public static func file(in folder: String) -> String {
    folder.hasSuffix("/") ? folder + fileName : folder + "/" + fileName
  }

  /// Writes the store into `folder`, which is made if it is not there. The old store stays whole
  /// until the new one is; after an error nothing is left behind. Throws `RecordingError.unwritable`.
  public static func save(_ recordings: RecordingSet, in folder: String) throws {
    try format.write(
      to: file(in: folder), in: folder, source: recordings.source,
      isSynthetic: recordings.isSynthetic,
      lines: recordings.map { "\($0.name),\($0.label.rawValue),\($0.sampleCount)" },
      elementCount: recordings.reduce(0) { $0 + $1.sampleCount }
    ) { append in
      for recording in recordings { try recording.samples.withUnsafeBytes(append) }
    }
  }

  /// Reads a store file. Throws `RecordingError.missing`, `.unreadable` or `.damagedStore`.
  public static func load(_ path: String) throws -> RecordingSet {
    try format.read(path) { try decode($0, path: path) }
  }

  private static func decode(_ store: StoreFile.Contents, path: String) throws -> RecordingSet {
    func damaged(_ problem: String) -> RecordingError {
      .damagedStore(path: path, problem: problem)
    }
    guard store.isWhole else { throw damaged("its check sum is wrong") }
    let count = (store.bytes.count - store.start) / 2
    guard let samples = StoredNumbers<Int16>(store.file, offset: store.start, count: count) else {
      throw damaged("its table is wrong")
    }
    var place = 0
    let recordings = try store.entries.map { fields in
      guard fields.count == 3, let label = RhythmLabel(rawValue: fields[1]),
        let length = Int(fields[2]), (0...(count - place)).contains(length)
      else { throw damaged("its table is wrong") }
      defer { place += length }
      return Recording(
        name: fields[0], label: label, numbers: samples.slice(place..<(place + length)))
    }
    guard place == count else { throw damaged("its table is wrong") }
    return RecordingSet(recordings, source: store.source, isSynthetic: store.isSynthetic)
  }
}
