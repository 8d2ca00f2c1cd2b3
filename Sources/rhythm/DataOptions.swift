import ArgumentParser
import Recordings

/// The choices of the course's data steps; as they stand the course's.
struct DataOptions: ParsableArguments {
  @Option(help: "The labels to tell apart, of N, A, O and ~; the first is class 0.")
  var labels = RhythmList(labels: CourseData.Options().labels)

  @Option(help: "Recordings of fewer samples are left out.")
  var minLength = CourseData.Options().minimumLength

  @Option(help: "Windows in a chunk.")
  var chunkLength = CourseData.Options().chunkLength

  @Option(help: "Samples in a window of the spectrogram, an even number from 4 to 512.")
  var window = CourseData.Options().windowLength

  @Option(help: "Samples that a window shares with the next one.")
  var overlap = CourseData.Options().overlap

  func validate() throws {
    guard minLength >= 0, chunkLength > 0 else {
      throw ValidationError("--min-length must not be negative, --chunk-length must be positive.")
    }
    guard Spectrogram.windowLengths.contains(window), window % 2 == 0 else {
      throw ValidationError("--window is \(window); give an even number from 4 to 512.")
    }
    guard (0..<window).contains(overlap) else {
      throw ValidationError("--overlap is \(overlap); give a number from 0 to \(window - 1).")
    }
  }

  /// The same for the data steps.
  var options: CourseData.Options {
    var options = CourseData.Options()
    options.labels = labels.labels
    options.minimumLength = minLength
    options.chunkLength = chunkLength
    options.windowLength = window
    options.overlap = overlap
    return options
  }
}

/// Labels as they are written on the command line: `N,A,O,~`.
struct RhythmList: ExpressibleByArgument {
  let labels: [RhythmLabel]

  init(labels: [RhythmLabel]) { self.labels = labels }

  init?(argument: String) {
    let names = argument.split(separator: ",", omittingEmptySubsequences: false)
    let labels = names.compactMap { RhythmLabel(rawValue: String($0)) }
    guard labels.count == names.count, labels.count >= 2, Set(labels).count == labels.count else {
      return nil
    }
    self.init(labels: labels)
  }

  var defaultValueDescription: String { names.joined(separator: ",") }

  /// The letters.
  var names: [String] { labels.map(\.rawValue) }
}
