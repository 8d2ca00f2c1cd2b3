/// Which version of the Challenge 2017 labels a set carries.
public enum LabelRevision: String, Sendable {
  /// The labels of the challenge's start.
  case original
  /// Revision 2, whose counts the course prints.
  case revision2 = "revision 2"
  /// Revision 3, the last.
  case revision3 = "revision 3"
  /// Any other set.
  case unknown

  /// The recordings of the course's choice in the whole public set with these labels.
  var courseCount: Int? {
    switch self {
    case .original: 5726
    case .revision2: 5622
    case .revision3: 5669
    case .unknown: nil
    }
  }

  /// The recordings of the whole public set.
  static let publicCount = 8528
}

/// A set of recordings in a fixed order, and where it came from.
public struct RecordingSet: RandomAccessCollection, RecordingCollection {
  /// The recordings in the order of the label file.
  public let all: [Recording]
  /// Where the recordings came from, for people: a path, or that they are synthetic.
  public let source: String
  /// Whether they were made up, wherever they came from by now: another task than the real ones, with
  /// other goals.
  public let isSynthetic: Bool

  /// Whether they are all of the public set.
  public var isWhole: Bool { !isSynthetic && count == LabelRevision.publicCount && skipped.isEmpty }

  /// What should have been among them but is damaged, missing or not listed.
  public let skipped: [SkippedRecording]

  /// The samples of the R waves of premature beats, by the recording's name, from the atria and the ventricles, of
  /// recordings that were made here. No file keeps them.
  public let prematureBeats: [String: [Int]]

  /// A set of recordings; `source` says to people where they came from.
  public init(
    _ all: [Recording], source: String, isSynthetic: Bool = false,
    skipped: [SkippedRecording] = [], prematureBeats: [String: [Int]] = [:]
  ) {
    self.all = all
    self.source = source
    self.isSynthetic = isSynthetic
    self.skipped = skipped
    self.prematureBeats = prematureBeats
  }

  /// The first index.
  public var startIndex: Int { all.startIndex }
  /// The index after the last.
  public var endIndex: Int { all.endIndex }
  /// The recording at an index.
  public subscript(position: Int) -> Recording { all[position] }

  /// Those with one of `labels` and at least `minimumLength` samples; as it stands the course's
  /// choice.
  public func selection(
    labels: [RhythmLabel] = [.normal, .fibrillation], minimumLength: Int = 4000
  ) -> [Recording] {
    all.filter { labels.contains($0.label) && $0.sampleCount >= minimumLength }
  }

  /// The revision of the labels, told by the number of recordings that the course chooses from the
  /// whole public set.
  public var labelRevision: LabelRevision {
    guard all.count == LabelRevision.publicCount else { return .unknown }
    let count = selection().count
    return [.original, .revision2, .revision3].first { $0.courseCount == count } ?? .unknown
  }

  /// How many there are, of which labels in which revision.
  public var inventory: String {
    let counts = RhythmLabel.allCases.map { label in
      "\(all.count { $0.label == label }) \(label.rawValue)"
    }
    return
      "recordings: \(count) (\(counts.joined(separator: ", "))), labels \(labelRevision.rawValue)"
  }

  /// How many there are, with labels of which revision.
  public var summary: String { "\(count) recordings, labels \(labelRevision.rawValue)" }

  /// The same recordings with another word on where they came from.
  public func from(_ source: String) -> RecordingSet {
    RecordingSet(
      all, source: source, isSynthetic: isSynthetic, skipped: skipped,
      prematureBeats: prematureBeats)
  }

  /// Writes them into the store of a folder. Throws `RecordingError.unwritable`.
  public func save(in folder: String) throws -> String {
    try RecordingStore.save(self, in: folder)
    return RecordingStore.file(in: folder)
  }

  /// Writes them as PhysioNet publishes them. Throws `RecordingError` or `ArchiveError`.
  public func write(to path: String, progress: RecordingProgress) throws {
    try RecordingArchive.write(self, to: path, progress: progress)
  }
}
