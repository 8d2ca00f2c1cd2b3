import Examples
import Signals
import TensorCore

/// The kind of data of single heartbeats: the rows of Kaggle's "ECG Heartbeat Categorization Dataset", made of
/// the MIT-BIH Arrhythmia Database or read from Kaggle's tables, in five classes of very different size.
public struct Heartbeats: DataKind {
  static let kindName = "heartbeats"

  /// The kind.
  public init() {}

  /// Its name in `assignment.yml`.
  public var name: String { Self.kindName }
  /// What an example is.
  public var summary: String {
    "single heartbeats of 187 values in five classes (MIT-BIH Arrhythmia Database)"
  }
  /// The choices of the steps from recordings to examples.
  public var settings: [DataSetting] { Options.settings }
  /// The choices of synthetic recordings.
  public var syntheticSettings: [DataSetting] { SyntheticHearts.settings }
  /// The synthetic set where no other is.
  public var syntheticSet: SyntheticSet {
    SyntheticSet(count: SyntheticHearts.defaultCount, seed: SyntheticHearts.defaultSeed)
  }
  /// Tokens have no order that a network knows of without learning it, and the values in a token have none at
  /// all; the beat as one row stays as it is.
  public var disguise: Disguise {
    Disguise(
      rows: [Self.tokens: .features(gains: 0.9...1.1, offsets: -0.1...0.1)],
      steps: [Self.tokens: .permuted], permutesClasses: true)
  }
  /// The database.
  public var offer: DataOffer? { .mitDatabase }

  /// The name of the input of tokens.
  static let tokens = "X"
  /// The name of the input of a beat as one row.
  static let beat = "beat"

  /// The source that a path names. Throws `RecordingError`.
  public func find(_ path: String?, localStore: String) throws -> RecordingSource {
    try HeartbeatSet.find(path, localStore: localStore)
  }

  /// Whether a source is synthetic. Throws `RecordingError` or `ArchiveError`.
  public func isSynthetic(_ source: RecordingSource) throws -> Bool {
    switch source {
    case .store(let path): HeartbeatStore.format.isSynthetic(path)
    case .archive(let path): try MITDatabase.isSynthetic(path)
    case .synthetic: true
    }
  }

  /// Reads the beats. Throws `RecordingError` or `ArchiveError`.
  public func load(
    _ source: RecordingSource, strict: Bool, progress: RecordingProgress
  ) throws -> HeartbeatSet {
    switch source {
    case .store(let path): try HeartbeatStore.load(path)
    case .archive(let path): try MITDatabase.read(path, strict: strict, progress: progress)
    case .synthetic:
      try SyntheticHearts.make(
        count: SyntheticHearts.defaultCount, seed: SyntheticHearts.defaultSeed, progress: progress)
    }
  }

  /// Compares rows with those of the database. Throws `RecordingError` where the store is damaged.
  public func comparison(
    of collection: HeartbeatSet, localStore: String
  ) throws -> CollectionComparison? {
    guard collection.origin == .tables,
      case .store(let path) = try HeartbeatSet.find(nil, localStore: localStore)
    else { return collection.comparison(with: nil) }
    let imported = try HeartbeatStore.load(path)
    return collection.comparison(with: imported.origin == .records ? imported : nil)
  }

  /// Makes records by the model of the heart. Throws `DataSettingError`.
  public func synthetic(
    count: Int, seed: UInt64, settings: [String: String], progress: RecordingProgress
  ) throws -> HeartbeatSet {
    let reader = try SettingReader(settings, of: "synthetic recordings", syntheticSettings)
    return try SyntheticHearts.make(
      count: count, seed: seed,
      minutes: try reader.number(
        "minutes", in: 1...30, else: SyntheticHearts.defaultMinutes), progress: progress)
  }

  /// Whether the settings can be. Throws `DataSettingError`.
  public func check(_ settings: [String: String]) throws(DataSettingError) {
    _ = try Options(settings)
  }

  /// Deals the beats out and cuts them into tokens. Throws `DataSettingError` or
  /// `RecordingError.unusableSet`.
  public func prepare(
    _ collection: HeartbeatSet, _ settings: [String: String]
  ) throws -> PreparedData {
    try PreparedHeartbeats(collection, options: try Options(settings)).data(of: collection)
  }

  /// Tokens of normally distributed numbers. Throws `DataSettingError`.
  public func noise(
    _ count: Int, seed: UInt64, _ settings: [String: String]
  ) throws -> Noise {
    let options = try Options(settings)
    var generator = RandomGenerator(seed: seed)
    let noise = Tensor.randn([count * HeartbeatSet.width], using: &generator)
    let classes = HeartbeatClass.allCases.count
    let labels = Noise.labels(count, classes: classes, using: &generator)
    let input = PreparedHeartbeats.input(noise.array, Array(0..<count), options)
    return Noise(
      ExampleSet([input], targets: .classes(labels, count: classes)), sizes: options.sizes)
  }
}

extension DataOffer {
  /// The MIT-BIH Arrhythmia Database, as PhysioNet packs all its files.
  static let mitDatabase = DataOffer(
    title: "the MIT-BIH Arrhythmia Database",
    address:
      "https://physionet.org/static/published-projects/mitdb/mit-bih-arrhythmia-database-1.0.0.zip",
    fileName: "mit-bih-arrhythmia-database-1.0.0.zip", size: "77 MB",
    credits: """
      The MIT-BIH Arrhythmia Database, by the Massachusetts Institute of Technology and Beth Israel Hospital
      licence: Open Data Commons Attribution License 1.0 (ODC-By), \
      https://opendatacommons.org/licenses/by/1-0
      cite: Moody and Mark 2001, The impact of the MIT-BIH Arrhythmia Database, \
      https://doi.org/10.1109/51.932724
      cite: Goldberger et al. 2000, PhysioBank, PhysioToolkit, and PhysioNet, \
      https://doi.org/10.1161/01.CIR.101.23.e215
      the rows are those of Kachuee, Fazeli and Sarrafzadeh 2018, https://doi.org/10.1109/ICHI.2018.00092
      """)
}
