import Examples
import Signals
import TensorCore

/// The kind of data of twelve-lead records: 10 s of each at 100 Hz with what cardiologists called it, any number of
/// diagnoses, and those names as vectors of a frozen text encoder (PhysioNet/CinC Challenge 2021; PTB-XL).
public struct TwelveLeads: DataKind {
  static let kindName = "twelve-leads"
  /// The names of the inputs: the leads `[12, 1000]`, the text of the record's diagnoses `[width]`, and the number of that
  /// text, one number, the same for records with the same diagnoses.
  static let (ecg, text, caption) = ("ecg", "text", "caption")
  static let (names, nameNumbers) = ("names", "nameNumbers")

  /// The kind.
  public init() {}

  /// Its name in `assignment.yml`.
  public var name: String { Self.kindName }
  /// What an example is.
  public var summary: String {
    "10 s of twelve leads as 12 x 1000 samples, sets of diagnoses and their texts (Challenge 2021, PTB-XL)"
  }
  /// The choices of the steps from records to examples.
  public var settings: [DataSetting] { Options.settings }
  /// The choices of synthetic records.
  public var syntheticSettings: [DataSetting] { [] }
  /// The synthetic set where no other is.
  public var syntheticSet: SyntheticSet {
    SyntheticSet(
      count: SyntheticTwelveLeads.defaultCount, seed: SyntheticTwelveLeads.defaultSeed)
  }
  /// Leads have no order that a network knows of without learning it, texts no directions, and captions are told
  /// apart by whatever numbers.
  public var disguise: Disguise {
    Disguise(
      rows: [
        Self.ecg: .channels(gains: 0.9...1.1), Self.text: .rotated, Self.caption: .renumbered,
      ], permutesClasses: true)
  }
  /// Nothing: the archives lack the table of codes, or are read as they are.
  public var offer: DataOffer? { nil }

  /// The source that a path names. Throws `RecordingError`.
  public func find(_ path: String?, localStore: String) throws -> RecordingSource {
    try TwelveLeadSet.find(path, localStore: localStore)
  }

  /// Whether a source is synthetic. Throws `RecordingError` or `ArchiveError`.
  public func isSynthetic(_ source: RecordingSource) throws -> Bool {
    switch source {
    case .store(let path): TwelveLeadStore.format.isSynthetic(path)
    case .archive(let path): try TwelveLeadFiles.isSynthetic(path)
    case .synthetic: true
    }
  }

  /// Reads the records. Throws `RecordingError` or `ArchiveError`.
  public func load(
    _ source: RecordingSource, strict: Bool, progress: RecordingProgress
  ) throws -> TwelveLeadSet {
    try TwelveLeadSet.load(source, strict: strict, progress: progress)
  }

  /// Says how many records are what a heart gives: lead III is II less I.
  public func comparison(
    of collection: TwelveLeadSet, localStore: String
  ) throws -> CollectionComparison? {
    let bound = 0.02
    let good = collection.records.count { $0.limbError <= bound }
    return CollectionComparison(
      lines: ["lead III is II less I within \(bound) mV in \(good) of \(collection.count) records"],
      isAlike: true)
  }

  /// Makes records by the model of the heart's dipole. Throws `DataSettingError`.
  public func synthetic(
    count: Int, seed: UInt64, settings: [String: String], progress: RecordingProgress
  ) throws -> TwelveLeadSet {
    _ = try SettingReader(settings, of: "synthetic recordings", syntheticSettings)
    return SyntheticTwelveLeads.make(count: count, seed: seed, progress: progress)
  }

  /// Whether the settings can be. Throws `DataSettingError`.
  public func check(_ settings: [String: String]) throws(DataSettingError) {
    _ = try Options(settings)
  }

  /// Makes examples. Throws `DataSettingError` or `RecordingError`.
  public func prepare(
    _ collection: TwelveLeadSet, _ settings: [String: String]
  ) throws -> PreparedData {
    let options = try Options(settings)
    let other = try options.other.map {
      try TwelveLeadSet.load(TwelveLeadSet.find($0), strict: false) { _, _ in }
    }
    return try PreparedTwelveLeads(collection, other: other, options: options).data(of: collection)
  }

  /// Records of normally distributed numbers with texts of the same. Throws `DataSettingError`, or what is wrong with
  /// the table of texts.
  public func noise(
    _ count: Int, seed: UInt64, _ settings: [String: String]
  ) throws -> Noise {
    let options = try Options(settings)
    let width = try TextTable(options.texts).width
    var generator = RandomGenerator(seed: seed)
    let size = StandardLead.count * TwelveLeadSignal.cropLength
    let leads = Tensor.randn([count * size], using: &generator).array
    var texts = Tensor.randn([count * width], using: &generator).array
    for row in stride(from: 0, to: texts.count, by: width) {
      let length = texts[row..<(row + width)].reduce(0) { $0 + $1 * $1 }.squareRoot()
      for place in row..<(row + width) { texts[place] /= max(length, 1e-12) }
    }
    let classes = SyntheticDiagnosis.allCases.count
    let flags = Noise.labels(count * classes, classes: 2, using: &generator)
    let examples = ExampleSet(
      Self.inputs(
        leads: Table(leads, rowShape: Self.leadShape),
        texts: Table(texts, rowShape: [width]), captions: Array(0..<count)),
      targets: .labelSets(flags, count: classes))
    return Noise(examples, sizes: Self.sizes(textSize: width, classCount: classes))
  }

  /// The shape of an example's leads.
  static let leadShape = [StandardLead.count, TwelveLeadSignal.cropLength]

  /// The inputs of examples, of which each has a row of leads and the number of a caption.
  static func inputs(leads: Table, texts: Table, captions: [Int]) -> [ExampleSet.Input] {
    [
      ExampleSet.Input(
        leads, name: ecg, firstRows: Array(captions.indices), extent: .row),
      ExampleSet.Input(texts, name: text, firstRows: captions, extent: .row),
      ExampleSet.Input(
        Table((0..<texts.rowCount).map { Float($0) }, rowShape: []), name: caption,
        firstRows: captions, extent: .row),
    ]
  }

  /// The sizes that networks are made with.
  static func sizes(textSize: Int, classCount: Int) -> [String: Int] {
    [
      "leadCount": StandardLead.count, "sampleCount": TwelveLeadSignal.cropLength,
      "textSize": textSize, "classCount": classCount,
    ]
  }
}
