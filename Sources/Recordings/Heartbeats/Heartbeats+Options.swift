import Signals

extension Heartbeats {
  /// The choices of the steps from beats to examples.
  struct Options: Sendable {
    /// The sets that figures can be of.
    enum Figures: String, CaseIterable {
      case validation, test
      case holdOut = "hold-out"
      /// Test and hold-out set together.
      case testFile = "test-file"

      var parts: [HeartbeatPart] {
        switch self {
        case .validation: [.validation]
        case .test: [.test]
        case .holdOut: [.holdOut]
        case .testFile: [.test, .holdOut]
        }
      }
    }

    var split = HeartbeatSet.Split.beats
    /// The set that takes the place of the validation set.
    var figures = Figures.validation
    /// Neighbouring values that make a token.
    var patch = 11
    /// Beats in an epoch of balanced draws.
    var balancedCount = 50_000

    /// 187 = 11 · 17.
    static let patches = [1, 11, 17, 187]

    static let settings: [DataSetting] = {
      let course = Self()
      return [
        DataSetting(
          "split", "beats: as Kaggle's two files; patients: nobody is in two sets",
          standard: course.split.rawValue),
        DataSetting(
          "figures",
          "the set that figures are of: validation, test, hold-out, or test-file for the last two",
          standard: course.figures.rawValue),
        DataSetting(
          "patch", "neighbouring values in a token: 1, 11 or 17; 187 for a beat without tokens",
          standard: "\(course.patch)"),
        DataSetting(
          "balanced-count", "beats in an epoch of the augmentation balanced",
          standard: "\(course.balancedCount)"),
      ]
    }()

    init() {}

    /// - Throws: a sentence that says which choice cannot be.
    init(_ chosen: [String: String]) throws(DataSettingError) {
      self.init()
      let reader = try SettingReader(chosen, of: Heartbeats.kindName, Self.settings)
      split = try reader.choice("split", else: split)
      figures = try reader.choice("figures", else: figures)
      patch = try reader.number("patch", in: 1...187, else: patch)
      guard Self.patches.contains(patch) else {
        throw DataSettingError("patch is \(patch); give 1, 11, 17 or 187, which divide 187")
      }
      balancedCount = try reader.number(
        "balanced-count", in: HeartbeatClass.allCases.count...10_000_000, else: balancedCount)
    }

    /// What figures on one set by one split do not say.
    var remark: String {
      let set = "these are figures of the \(figures.rawValue) set, split by \(split.rawValue)"
      return split == .patients
        ? set + ": nobody in it was trained on, as a new patient is"
        : set
          + ", whose patients were trained on too: --set split=patients tells what a new patient "
          + "can expect"
    }

    /// The tokens of a beat.
    var tokenCount: Int { HeartbeatSet.width / patch }

    /// The sizes that networks are made with.
    var sizes: [String: Int] {
      [
        "tokenCount": tokenCount, "channelCount": patch,
        "classCount": HeartbeatClass.allCases.count,
      ]
    }
  }
}
