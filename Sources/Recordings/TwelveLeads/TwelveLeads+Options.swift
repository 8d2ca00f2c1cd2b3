import Foundation
import Signals

extension TwelveLeads {
  /// The choices of the steps from records to examples.
  struct Options: Sendable {
    /// What leads are divided by.
    enum Scaling: String, CaseIterable {
      /// The lead's standard deviation over the training set.
      case set
      /// The record's own.
      case record
    }
    /// What is subtracted from texts.
    enum Centre: String, CaseIterable {
      /// The mean of the names that are seen.
      case seen
      case none
    }
    /// What the text of a record is made of.
    enum Names: String, CaseIterable {
      /// All of its names together.
      case together
      /// Each by itself too, for a training that draws one.
      case apart
    }
    /// Whose deviations the records of another source are divided by.
    enum OtherScaling: String, CaseIterable {
      case training
      /// Those of the other source.
      case own
    }

    var scaling = Scaling.set
    var centre = Centre.seen
    var names = Names.together
    /// The table of texts; nil for the course's.
    var texts: String?
    /// What is held out; nil for the course's choice.
    var plan: DiagnosisPlan?
    /// Records that a diagnosis has among those to train on before it counts as seen.
    var least = 40
    /// Where records of other sources lie.
    var other: String?
    var otherScaling = OtherScaling.training

    static let settings: [DataSetting] = {
      let course = Self()
      return [
        DataSetting(
          "scaling",
          "set: by each lead's deviation over the training set; record: by the record's own",
          standard: course.scaling.rawValue),
        DataSetting(
          "texts", "a .npy table of texts by another encoder; course: all-MiniLM-L6-v2's",
          standard: "course"),
        DataSetting(
          "centre", "seen: texts less the mean of the seen names; none: as the encoder gave them",
          standard: course.centre.rawValue),
        DataSetting(
          "names",
          "together: a record's text has all its names; apart: a training takes one of them at a time",
          standard: course.names.rawValue),
        DataSetting(
          "held-out",
          "course, none, or diagnoses that no training record has, with semicolons between them; name=one+another is "
            + "held out together",
          standard: "course"),
        DataSetting(
          "least",
          "records to train on that a diagnosis has before it is asked for as seen; in a small set a fiftieth of "
            + "them, at least 5", standard: "\(course.least)"),
        DataSetting(
          "other", "a store, an archive or a folder with records of other sources to test on",
          standard: "none"),
        DataSetting(
          "other-scaling",
          "training: other sources by the training set's deviations; own: by theirs",
          standard: course.otherScaling.rawValue),
      ]
    }()

    init() {}

    /// - Throws: a sentence that says which choice cannot be.
    init(_ chosen: [String: String]) throws(DataSettingError) {
      self.init()
      let reader = try SettingReader(chosen, of: TwelveLeads.kindName, Self.settings)
      scaling = try reader.choice("scaling", else: scaling)
      centre = try reader.choice("centre", else: centre)
      names = try reader.choice("names", else: names)
      texts = chosen["texts"].flatMap { $0 == "course" ? nil : $0 }
      other = chosen["other"].flatMap { $0 == "none" ? nil : $0 }
      otherScaling = try reader.choice("other-scaling", else: otherScaling)
      for (name, path) in [("texts", texts), ("other", other)] {
        if let path, !FileManager.default.fileExists(atPath: path) {
          throw DataSettingError("\(name) is \(path), and there is no such file or folder")
        }
      }
      least = try reader.number("least", in: 1...100_000, else: least)
      switch chosen["held-out"] {
      case nil, "course": plan = nil
      case "none": plan = DiagnosisPlan()
      case .some(let text): plan = try DiagnosisPlan(text)
      }
    }
  }
}
