import Examples
import Signals

/// The figures that are printed on the way from recordings to strips.
struct StripStatistics: Sendable, Equatable {
  /// The recordings of one label.
  struct Lengths: Sendable, Equatable {
    let (minimum, maximum): (Int, Int)
    let mean: Double
    /// Shorter than 30 s, as long, longer.
    let (short, usual, long): (Int, Int, Int)

    init(_ lengths: [Int]) {
      minimum = lengths.min() ?? 0
      maximum = lengths.max() ?? 0
      mean = Double(lengths.reduce(0, +)) / Double(max(lengths.count, 1))
      short = lengths.count { $0 < Self.usualLength }
      usual = lengths.count { $0 == Self.usualLength }
      long = lengths.count - short - usual
    }

    /// Samples that most recordings have.
    static let usualLength = 9000

    static func == (left: Lengths, right: Lengths) -> Bool {
      (left.minimum, left.maximum, left.mean) == (right.minimum, right.maximum, right.mean)
        && (left.short, left.usual, left.long) == (right.short, right.usual, right.long)
    }
  }

  /// The labels that are told apart; a label's place is its class.
  let labels: [RhythmLabel]
  /// The recordings chosen.
  let recordings: ClassCounts
  /// Their samples at 300 Hz.
  let sampleCounts: Spread
  /// The same by label.
  let lengths: [Lengths]
  /// What is counted of the strips.
  let figures: StripFigures
  /// Steps of a strip.
  let length: Int
  /// The first eight entries of the split's permutation.
  let permutationHead: [Int]
  let training: ClassCounts
  let validation: ClassCounts
  /// A weight for each class by which all count the same.
  let classWeights: [Float]

  init(
    labels: [RhythmLabel], chosen: [Recording], figures: StripFigures, length: Int,
    permutation: [Int], training: ExampleSet, validation: ExampleSet
  ) {
    func counts(_ classes: [Int32]) -> ClassCounts { ClassCounts(classes, of: labels.count) }
    self.labels = labels
    recordings = counts(training.labels + validation.labels)
    sampleCounts = Spread(chosen.map(\.sampleCount))
    lengths = labels.map { label in
      Lengths(chosen.filter { $0.label == label }.map(\.sampleCount))
    }
    self.figures = figures
    self.length = length
    permutationHead = Array(permutation.prefix(8))
    self.training = counts(training.labels)
    self.validation = counts(validation.labels)
    classWeights = training.targets.balancingWeights ?? []
  }

  /// F1 of each class for who always says the largest one: of that class 2 n / (n + all), of the others 0.
  var guessing: (label: RhythmLabel, accuracy: Double, meanF1: Double) {
    let total = Double(max(validation.total, 1))
    let largest =
      validation.counts.indices.max { validation.counts[$0] < validation.counts[$1] } ?? 0
    let count = Double(validation.counts[largest])
    return (labels[largest], count / total, 2 * count / (count + total) / Double(labels.count))
  }
}
