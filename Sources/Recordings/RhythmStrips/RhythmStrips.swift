import Examples
import Signals
import TensorCore

/// The kind of data of rhythm strips: half a minute of each recording of the Challenge 2017 as it is, 100 samples a
/// second. (A strip is what a cardiologist calls a piece of a single lead that is long enough to tell the rhythm.)
public struct RhythmStrips: DataKind {
  static let kindName = "rhythm-strips"
  /// All labels but the noisy one.
  public static let labels: [RhythmLabel] = [.normal, .fibrillation, .other]

  /// The kind.
  public init() {}

  /// Its name in `assignment.yml`.
  public var name: String { Self.kindName }
  /// What an example is.
  public var summary: String {
    "30 s of a single lead as 3000 samples: normal, fibrillation, other rhythm (Challenge 2017)"
  }
  /// The choices of the steps from recordings to strips.
  public var settings: [DataSetting] { Options.settings }
  /// The choices of synthetic recordings.
  public var syntheticSettings: [DataSetting] {
    [
      DataSetting(
        "labels", "only these labels, as many recordings of each",
        standard: Self.labels.map(\.rawValue).joined(separator: ","))
    ]
  }
  /// The synthetic set where no other is: 620 of each label.
  public var syntheticSet: SyntheticSet {
    SyntheticSet(count: 3 * 620, seed: SyntheticRecordings.defaultSeed)
  }
  /// Rhythms are told apart as well in recordings that run backwards (measured: 0.723 in place of 0.737) or stand on
  /// their heads, all of them alike.
  public var disguise: Disguise {
    Disguise(
      rows: ["X": .signal(gains: 0.9...1.1, isUpright: false)], steps: ["X": .reversed],
      permutesClasses: true)
  }
  /// The public set of the challenge.
  public var offer: DataOffer? { .challenge2017 }
  /// Revision 2 of the labels.
  public var publishedFigures: String? {
    "the course: revision 2 of all 8528 recordings, 8244 of them N, A or O (revision 3 gives 8249), 6595 + 1649 "
      + "split"
  }

  /// Reads the recordings. Throws `RecordingError` or `ArchiveError`.
  public func load(
    _ source: RecordingSource, strict: Bool, progress: RecordingProgress
  ) throws -> RecordingSet {
    guard source == .synthetic else {
      return try RecordingSet.load(source, strict: strict, progress: progress)
    }
    return try synthetic(
      count: syntheticSet.count, seed: syntheticSet.seed, settings: [:], progress: progress)
  }

  /// Makes recordings by the model of the heart, as many of each label. Throws `DataSettingError`.
  public func synthetic(
    count: Int, seed: UInt64, settings: [String: String], progress: RecordingProgress
  ) throws -> RecordingSet {
    _ = try SettingReader(settings, of: "synthetic recordings", syntheticSettings)
    return SyntheticRecordings.makeEvenly(
      count: count, seed: seed,
      labels: try settings["labels"].map { try RhythmLabel.read($0) } ?? Self.labels,
      progress: progress)
  }

  /// Whether the settings can be. Throws `DataSettingError`.
  public func check(_ settings: [String: String]) throws(DataSettingError) {
    _ = try Options(settings)
  }

  /// Makes strips. Throws `DataSettingError` or `RecordingError.unusableSet`.
  public func prepare(
    _ collection: RecordingSet, _ settings: [String: String]
  ) throws -> PreparedData {
    let options = try Options(settings)
    let strips = try PreparedStrips(collection, options: options)
    return PreparedData(
      SplitExamples(training: strips.training, validation: strips.validation),
      sizes: options.sizes, classes: options.labels.map(\.rawValue),
      report: strips.statistics.report,
      valuesPerSecond: Double(RhythmStrip.samplesPerSecond),
      rhythms: options.labels.firstIndex(of: .normal).flatMap { regular in
        options.labels.firstIndex(of: .other).map { .init(regular: regular, other: $0) }
      },
      signal: { Self.signal(of: $0, in: collection, length: options.length) }, of: collection)
  }

  /// The recording of a strip, as far as the strip goes.
  private static func signal(
    of name: String, in collection: RecordingSet, length: Int
  ) -> ExampleSignal? {
    guard let recording = collection.first(where: { $0.name == name }) else {
      return nil
    }
    let steps = RhythmStrip(recording.samples, length: length).trueRange
    return ExampleSignal(
      values: recording.samples.prefix(steps.count * RhythmStrip.step).map {
        Float($0) / Float(Recording.unitsPerMillivolt)
      }, unit: "mV", valuesPerSecond: Double(Recording.samplesPerSecond), steps: steps,
      stepCount: length)
  }

  /// Strips of normally distributed numbers. Throws `DataSettingError`.
  public func noise(
    _ count: Int, seed: UInt64, _ settings: [String: String]
  ) throws -> Noise {
    let options = try Options(settings)
    var generator = RandomGenerator(seed: seed)
    let noise = Tensor.randn([count * options.length], using: &generator)
    let classes = options.labels.count
    let labels = Noise.labels(count, classes: classes, using: &generator)
    return Noise(
      ExampleSet(
        [PreparedStrips.input(StoredNumbers(noise.array), length: options.length)],
        targets: .classes(labels, count: classes)), sizes: options.sizes)
  }
}
