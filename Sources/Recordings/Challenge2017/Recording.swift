import Examples
import Signals

/// What a cardiologist found in a recording; the raw value is the letter of `REFERENCE.csv`.
public enum RhythmLabel: String, CaseIterable, Sendable {
  /// Normal sinus rhythm.
  case normal = "N"
  /// Atrial fibrillation.
  case fibrillation = "A"
  /// Another rhythm.
  case other = "O"
  /// Too noisy to tell.
  case noisy = "~"

  /// Labels in words: `N, A and O`.
  static func list(_ labels: [RhythmLabel], _ last: String = "and") -> String {
    let names = labels.map(\.rawValue)
    return names.count < 2
      ? names.joined()
      : names.dropLast().joined(separator: ", ") + " \(last) \(names[names.count - 1])"
  }
}

/// One single-lead recording: 300 samples a second, 1000 units to the millivolt.
public struct Recording: Sendable, Equatable {
  /// Samples a second of all recordings of the Challenge 2017.
  public static let samplesPerSecond = RecordingDevice.samplesPerSecond
  /// Units of a sample that make one millivolt.
  public static let unitsPerMillivolt = RecordingDevice.unitsPerMillivolt

  /// The record's name, such as `A00001`.
  public let name: String
  /// What it shows.
  public let label: RhythmLabel
  /// Where the samples are.
  private let numbers: StoredNumbers<Int16>

  /// The samples in units of 1/1000 mV, read where they are in a file: ask once.
  public var samples: [Int16] { numbers.array }
  /// How many samples it has.
  public var sampleCount: Int { numbers.count }

  /// A recording of `samples` in units of 1/1000 mV at 300 Hz.
  public init(name: String, label: RhythmLabel, samples: [Int16]) {
    self.init(name: name, label: label, numbers: StoredNumbers(samples))
  }

  init(name: String, label: RhythmLabel, numbers: StoredNumbers<Int16>) {
    self.name = name
    self.label = label
    self.numbers = numbers
  }
}
