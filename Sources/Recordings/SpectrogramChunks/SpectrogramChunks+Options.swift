import Examples
import Signals
import TensorCore

extension SpectrogramChunks {
  /// The choices of the course, each with the course's value.
  public struct Options: Sendable {
    /// The labels to tell apart; a label's place is its class.
    public var labels: [RhythmLabel] = [.normal, .fibrillation]
    /// Recordings of fewer samples are left out.
    public var minimumLength = 4000
    /// Samples to pad to; nil pads to the longest recording, which in the course has 18286.
    public var paddedLength: Int?
    /// The share of recordings to train on, rounded down to whole recordings.
    public var trainShare = 0.8
    /// The seed of the split and of the balancing.
    public var seed: UInt64 = 12345
    /// Windows a chunk.
    public var chunkLength = 40
    /// Samples a window of the spectrogram, an even number.
    public var windowLength = 32
    /// Samples that a window shares with the next one.
    public var overlap = 4

    /// The course's choices.
    public init() {}
  }
}

extension SpectrogramChunks.Options {
  /// What can be chosen, with the course's choices.
  static let settings: [DataSetting] = {
    let course = Self()
    return [
      DataSetting(
        "labels", "the labels to tell apart, of N, A, O and ~; the first is class 0",
        standard: course.labels.map(\.rawValue).joined(separator: ",")),
      DataSetting(
        "min-length", "recordings of fewer samples are left out",
        standard: "\(course.minimumLength)"),
      DataSetting("chunk-length", "windows in a chunk", standard: "\(course.chunkLength)"),
      DataSetting(
        "window", "samples in a window of the spectrogram, an even number from 4 to 512",
        standard: "\(course.windowLength)"),
      DataSetting(
        "overlap", "samples that a window shares with the next one",
        standard: "\(course.overlap)"),
    ]
  }()

  /// The course's choices with others in place of some.
  ///
  /// - Throws: a sentence that says which one cannot be.
  init(_ chosen: [String: String]) throws(DataSettingError) {
    self.init()
    let reader = try SettingReader(chosen, of: SpectrogramChunks.kindName, Self.settings)
    if let text = chosen["labels"] {
      labels = try RhythmLabel.readSeveral(text)
    }
    minimumLength = try reader.number("min-length", else: minimumLength)
    chunkLength = try reader.number("chunk-length", in: 1...Int.max, else: chunkLength)
    let lengths = Spectrogram.windowLengths
    windowLength = try reader.number("window", in: lengths, else: windowLength)
    guard windowLength % 2 == 0 else {
      throw DataSettingError(
        "window is \(windowLength); give an even number from \(lengths.lowerBound) to "
          + "\(lengths.upperBound)")
    }
    overlap = try reader.number("overlap", in: 0...(windowLength - 1), else: overlap)
  }
}

extension RhythmLabel {
  /// Labels as they are typed: `N,A,O,~`.
  static func read(_ text: String) throws(DataSettingError) -> [RhythmLabel] {
    let names = text.split(separator: ",", omittingEmptySubsequences: false)
    let labels = names.compactMap { RhythmLabel(rawValue: String($0)) }
    guard labels.count == names.count, Set(labels).count == labels.count else {
      throw DataSettingError("labels is \(text); give some of N, A, O and ~, each once")
    }
    return labels
  }

  /// The same, of labels that are to be told apart.
  static func readSeveral(_ text: String) throws(DataSettingError) -> [RhythmLabel] {
    let labels = try read(text)
    guard labels.count >= 2 else {
      throw DataSettingError("labels is \(text); give two or more of N, A, O and ~, each once")
    }
    return labels
  }
}
