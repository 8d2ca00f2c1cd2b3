import Recordings

extension SpectrogramChunks: DrawnKind {
  private static let classes = [RhythmLabel.normal, .fibrillation]

  /// The pictures of sections 4.1 and 4.2.
  public var figures: [NamedFigure<RecordingSet>] {
    [
      NamedFigure("recordings", "two recordings of each class (section 4.1)") {
        try .recordings(Self.examples(of: $0))
      },
      NamedFigure("spectrograms", "their spectrograms (section 4.2)") {
        try .spectrograms(Self.examples(of: $0))
      },
      NamedFigure("classes", "how many recordings each class has (section 4.1)") { recordings in
        let chosen = recordings.selection()
        return try .classShares(
          Self.classes.map { label in
            (
              name: "\(label.words) (\(label.rawValue))",
              count: chosen.count { $0.label == label }
            )
          }, of: "recordings of at least 4000 samples")
      },
    ]
  }

  /// The first two of each class that reach to the end of the stretch of section 4.1.
  private static func examples(of recordings: RecordingSet) -> [Recording] {
    let chosen = recordings.selection(minimumLength: 5000)
    return classes.flatMap { label in chosen.filter { $0.label == label }.prefix(2) }
  }
}
