import Examples

/// Examples as a kind of data makes them of its recordings.
public struct PreparedData: Sendable {
  /// Another way to fill an epoch than with all training examples.
  public struct Augmentation: Sendable {
    /// The name in `assignment.yml` and of `--augmentation`.
    public let name: String
    /// What an epoch consists of.
    public let source: EpochSource
    /// What it is drawn from, by a seed.
    public let examples: @Sendable (_ seed: UInt64) -> ExampleSet

    /// Describes an augmentation.
    public init(
      _ name: String, source: EpochSource, examples: @escaping @Sendable (UInt64) -> ExampleSet
    ) {
      self.name = name
      self.source = source
      self.examples = examples
    }
  }

  /// Classes of rhythms by which maps of evidence are tested.
  public struct RhythmClasses: Sendable {
    /// The class of regular rhythm, into which premature beats are put.
    public let regular: Int
    /// The class that a premature beat speaks for.
    public let other: Int
  }

  /// Examples to train on and to validate on.
  public private(set) var split: SplitExamples
  /// The sizes that networks for them are made with.
  public let sizes: [String: Int]
  /// The names of the classes, in the order of their numbers.
  public let classes: [String]
  /// The figures of all steps, in lines for people.
  public let report: String
  /// What the figures of a training on them cannot say, a line for people; nil where there is nothing.
  public let remark: String?
  /// How many values of an example a second has, where they follow each other in time.
  public let valuesPerSecond: Double?
  /// What an example of a name was made of, where that can be drawn.
  public let signal: @Sendable (_ name: String) -> ExampleSignal?
  /// The classes by which maps are tested; nil where the examples are no strips of rhythms, or lack one of them.
  public let rhythms: RhythmClasses?
  /// What can be asked of the examples by texts; nil where they have none.
  public let questions: TextQuestions?
  /// Other ways to fill an epoch.
  public let augmentations: [Augmentation]
  /// Whether the recordings were made up.
  public let isSynthetic: Bool
  /// Whether they are all of a public set, as published figures are of.
  public let isWhole: Bool
  /// The recordings that were left out.
  public let skipped: [SkippedRecording]
  /// How many recordings there were.
  public let recordingCount: Int

  /// Describes examples.
  public init(
    _ split: SplitExamples, sizes: [String: Int], classes: [String], report: String,
    remark: String? = nil, valuesPerSecond: Double? = nil, augmentations: [Augmentation] = [],
    rhythms: RhythmClasses? = nil, questions: TextQuestions? = nil,
    signal: @escaping @Sendable (_ name: String) -> ExampleSignal? = { _ in nil },
    of collection: some RecordingCollection
  ) {
    self.split = split
    self.sizes = sizes
    self.classes = classes
    self.report = report
    self.remark = remark
    self.valuesPerSecond = valuesPerSecond
    self.augmentations = augmentations
    self.rhythms = rhythms
    self.questions = questions
    self.signal = signal
    isSynthetic = collection.isSynthetic
    isWhole = collection.isWhole
    skipped = collection.skipped
    recordingCount = collection.count
  }

  /// The same with other sets, as after a unit's own steps.
  public func with(_ split: SplitExamples) -> PreparedData {
    var data = self
    data.split = split
    return data
  }

  /// What a training draws from.
  ///
  /// - Parameter name: an augmentation's; nil for all training examples.
  /// - Throws: `DataSettingError` where there is no such augmentation.
  public func training(
    _ name: String?, seed: UInt64
  ) throws(DataSettingError) -> (examples: ExampleSet, source: EpochSource) {
    guard let name else { return (split.training, .all) }
    guard let augmentation = augmentations.first(where: { $0.name == name }) else {
      let names = augmentations.map(\.name)
      throw DataSettingError(
        "there is no augmentation \(name) of these data; "
          + (names.isEmpty ? "there is none" : "there is \(names.joined(separator: ", "))"))
    }
    return (augmentation.examples(seed), augmentation.source)
  }
}
