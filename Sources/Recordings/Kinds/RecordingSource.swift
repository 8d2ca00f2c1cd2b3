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
