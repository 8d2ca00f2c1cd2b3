import Signals

extension RhythmStrips {
  /// The choices of the steps from recordings to strips.
  struct Options: Sendable {
    /// The labels to tell apart; a label's place is its class.
    var labels = RhythmStrips.labels
    /// What a strip lasts.
    var seconds = 30
    /// The share of recordings to train on, rounded down to whole recordings, and the seed of the split.
    static let (trainShare, seed) = (0.8, UInt64(12345))

    /// Steps of a strip.
    var length: Int { seconds * RhythmStrip.samplesPerSecond }

    static let settings: [DataSetting] = {
      let course = Self()
      return [
        DataSetting(
          "labels", "the labels to tell apart, of N, A, O and ~; the first is class 0",
          standard: course.labels.map(\.rawValue).joined(separator: ",")),
        DataSetting(
          "seconds",
          "what a strip lasts: the beginning of a longer recording, zeros around a shorter one",
          standard: "\(course.seconds)"),
      ]
    }()

    init() {}

    /// - Throws: a sentence that says which choice cannot be.
    init(_ chosen: [String: String]) throws(DataSettingError) {
      self.init()
      let reader = try SettingReader(chosen, of: RhythmStrips.kindName, Self.settings)
      if let text = chosen["labels"] {
        labels = try RhythmLabel.readSeveral(text)
      }
      seconds = try reader.number("seconds", in: 1...61, else: seconds)
    }

    /// The sizes that networks are made with.
    var sizes: [String: Int] { ["stepCount": length, "classCount": labels.count] }
  }
}
