import Examples
import Signals
import TensorCore

/// The kind of data of chapter 4: chunks of the spectrograms of the Challenge 2017's recordings.
public struct SpectrogramChunks: DataKind {
  static let kindName = "spectrogram-chunks"

  /// The kind.
  public init() {}

  /// Its name in `assignment.yml`.
  public var name: String { Self.kindName }
  /// What an example is.
  public var summary: String {
    "chunks of the spectrograms of single-lead recordings (Challenge 2017)"
  }
  /// The choices of the steps from recordings to chunks.
  public var settings: [DataSetting] { Options.settings }
  /// The choices of synthetic recordings.
  public var syntheticSettings: [DataSetting] {
    [DataSetting("labels", "only these labels", standard: "N,A,O,~")]
  }
  /// The synthetic set where no other is.
  public var syntheticSet: SyntheticSet {
    SyntheticSet(
      count: SyntheticRecordings.defaultCount, seed: SyntheticRecordings.defaultSeed)
  }
  /// Frequency bins have no order that a network of the course knows of.
  public var disguise: Disguise {
    Disguise(
      rows: ["X": .features(gains: 0.9...1.1, offsets: -0.1...0.1)], permutesClasses: true)
  }
  /// The public set of the challenge.
  public var offer: DataOffer? { .challenge2017 }
  /// Revision 2 of the labels.
  public var publishedFigures: String? {
    "the course: revision 2 of all 8528 recordings, 5622 chosen (revision 3 gives 5669, the original labels "
      + "5726), 4497 + 1125 split, 67998 + 16854 balanced chunks"
  }

  /// Reads the recordings. Throws `RecordingError` or `ArchiveError`.
  public func load(
    _ source: RecordingSource, strict: Bool, progress: RecordingProgress
  ) throws -> RecordingSet {
    try RecordingSet.load(source, strict: strict, progress: progress)
  }

  /// Makes recordings by the model of the heart. Throws `DataSettingError`.
  public func synthetic(
    count: Int, seed: UInt64, settings: [String: String], progress: RecordingProgress
  ) throws -> RecordingSet {
    _ = try SettingReader(settings, of: "synthetic recordings", syntheticSettings)
    return SyntheticRecordings.make(
      count: count, seed: seed,
      labels: try settings["labels"].map { try RhythmLabel.read($0) } ?? RhythmLabel.allCases,
      progress: progress)
  }

  /// Whether the settings can be. Throws `DataSettingError`.
  public func check(_ settings: [String: String]) throws(DataSettingError) {
    _ = try Options(settings)
  }

  /// Makes balanced chunks. Throws `DataSettingError` or `RecordingError.unusableSet`.
  public func prepare(
    _ collection: RecordingSet, _ settings: [String: String]
  ) throws -> PreparedData {
    try PreparedChunks.prepare(collection, options: try Options(settings)).data(of: collection)
  }

  /// Chunks of normally distributed numbers. Throws `DataSettingError`.
  public func noise(
    _ count: Int, seed: UInt64, _ settings: [String: String]
  ) throws -> Noise {
    let options = try Options(settings)
    let binCount = Spectrogram(
      windowLength: options.windowLength, overlap: options.overlap
    ).binCount
    var generator = RandomGenerator(seed: seed)
    let noise = Tensor.randn([count * options.chunkLength, binCount], using: &generator)
    let classes = options.labels.count
    let labels = Noise.labels(count, classes: classes, using: &generator)
    return Noise(
      ExampleSet(
        [
          .init(
            Table(noise.array, rowShape: [binCount]),
            firstRows: (0..<count).map { $0 * options.chunkLength },
            extent: .window(options.chunkLength))
        ], targets: .classes(labels, count: classes)),
      sizes: PreparedChunks.sizes(chunkLength: options.chunkLength, binCount: binCount))
  }
}

extension PreparedChunks {
  /// The sizes that networks of chunks are made with.
  static func sizes(chunkLength: Int, binCount: Int) -> [String: Int] {
    ["stepCount": chunkLength, "binCount": binCount]
  }

  /// The same without what only this kind has.
  func data(of collection: RecordingSet) -> PreparedData {
    PreparedData(
      SplitExamples(training: trainChunks, validation: validationChunks),
      sizes: Self.sizes(chunkLength: chunkLength, binCount: binCount),
      classes: statistics.labels.map(\.rawValue), report: statistics.report,
      augmentations: [
        // section 4.12: one chunk at a random offset from each recording
        .init("random-windows", source: .randomWindows(chunkLength)) { [train] seed in
          var generator = MersenneTwister(seed: seed)
          return train.balanced(&generator)
        }
      ], of: collection)
  }
}
