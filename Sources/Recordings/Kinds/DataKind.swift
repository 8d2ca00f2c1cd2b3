import Examples
import TensorCore

/// A kind of data that units train on: where its recordings come from, how examples are made of them,
/// what a grading run may change in them. A unit names its kind in `assignment.yml`.
public protocol DataKind: Sendable {
  /// The recordings as they are read.
  associatedtype Collection: RecordingCollection

  /// The name in `assignment.yml` and of `--kind`, such as `spectrogram-chunks`.
  var name: String { get }
  /// What an example is, a line for people.
  var summary: String { get }
  /// What can be chosen in the steps to the examples, with the course's choices.
  var settings: [DataSetting] { get }
  /// What can be chosen of synthetic recordings.
  var syntheticSettings: [DataSetting] { get }
  /// The synthetic set where no other is asked for.
  var syntheticSet: SyntheticSet { get }
  /// How the examples of a grading run are made unrecognisable.
  var disguise: Disguise { get }
  /// What can be fetched of it; nil where nothing can.
  var offer: DataOffer? { get }
  /// Which recordings the course's figures are of, and how many there are after each step, a line for people; nil
  /// where the figures say so themselves.
  var publishedFigures: String? { get }

  /// The source that a path names, without one the store of a folder if there is one, else the
  /// synthetic set.
  ///
  /// - Throws: a sentence when nothing is there.
  func find(_ path: String?, localStore: String) throws -> RecordingSource
  /// Whether a source is synthetic, without reading all of it.
  ///
  /// - Throws: a sentence when it cannot be read.
  func isSynthetic(_ source: RecordingSource) throws -> Bool
  /// Reads the recordings of a source; damaged and missing ones are errors, or named in the
  /// collection's `skipped` where not `strict`.
  ///
  /// - Throws: a sentence when the source cannot be read.
  func load(
    _ source: RecordingSource, strict: Bool, progress: RecordingProgress
  ) throws -> Collection
  /// Compares recordings with what is known of them, and with the local store of a folder; nil where there
  /// is nothing to compare.
  ///
  /// - Throws: a sentence when the store cannot be read.
  func comparison(of collection: Collection, localStore: String) throws -> CollectionComparison?
  /// Makes recordings up.
  ///
  /// - Throws: `DataSettingError`.
  func synthetic(
    count: Int, seed: UInt64, settings: [String: String], progress: RecordingProgress
  ) throws -> Collection
  /// Whether settings can be, before anything is read.
  ///
  /// - Throws: a sentence that says which one cannot.
  func check(_ settings: [String: String]) throws(DataSettingError)
  /// Makes examples of recordings.
  ///
  /// - Throws: `DataSettingError`, or a sentence where the recordings do not suffice.
  func prepare(_ collection: Collection, _ settings: [String: String]) throws -> PreparedData
  /// Examples of the same shapes that are nothing but noise, with random targets: what speed is
  /// measured on.
  ///
  /// - Throws: `DataSettingError`.
  func noise(_ count: Int, seed: UInt64, _ settings: [String: String]) throws -> Noise
}

/// Called now and then with the number of recordings done and the number there are.
public typealias RecordingProgress = (_ done: Int, _ total: Int) -> Void

/// What came of comparing recordings with what is known of them.
public struct CollectionComparison: Sendable, Equatable {
  /// What was found, lines for people.
  public let lines: [String]
  /// Whether they can be what they are taken for.
  public let isAlike: Bool
}

/// How many synthetic recordings there are, and from which seed.
public struct SyntheticSet: Sendable {
  /// Recordings.
  public let count: Int
  /// The seed.
  public let seed: UInt64
}

/// Examples of noise, with the sizes that networks for them are made with.
public struct Noise: Sendable {
  /// The examples.
  public let examples: ExampleSet
  /// The sizes.
  public let sizes: [String: Int]

  /// Names both.
  public init(_ examples: ExampleSet, sizes: [String: Int]) {
    self.examples = examples
    self.sizes = sizes
  }

  /// Labels of which each is as likely.
  static func labels(
    _ count: Int, classes: Int, using generator: inout RandomGenerator
  ) -> [Int32] {
    (0..<count).map { _ in
      Int32(min(Int(generator.nextUniform() * Float(classes)), classes - 1))
    }
  }
}

extension DataKind {
  /// Nothing, mostly.
  public var publishedFigures: String? { nil }

  /// Nothing to compare, mostly.
  public func comparison(
    of collection: Collection, localStore: String
  ) throws -> CollectionComparison? { nil }

  /// Reads and prepares in one step.
  ///
  /// - Throws: as each of them.
  public func prepared(
    from source: RecordingSource, _ settings: [String: String] = [:], strict: Bool = true,
    progress: RecordingProgress = { _, _ in }
  ) throws -> PreparedData {
    try prepare(try load(source, strict: strict, progress: progress), settings)
  }
}
