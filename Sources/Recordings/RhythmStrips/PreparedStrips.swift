import Examples
import Signals
import TensorCore

/// Recordings as strips of one length, split by a permutation.
struct PreparedStrips {
  let training: ExampleSet
  let validation: ExampleSet
  let statistics: StripStatistics

  /// - Throws: `RecordingError.unusableSet` where a class would be missing in training or validation.
  init(_ recordings: RecordingSet, options: RhythmStrips.Options) throws {
    let (labels, length) = (options.labels, options.length)
    let chosen = recordings.selection(labels: labels, minimumLength: 0)
    // one table for all, filled strip by strip
    var values = NumberWriter<Float>()
    var figures = StripFigures()
    for recording in chosen {
      let strip = RhythmStrip(recording.samples, length: length)
      figures.add(strip)
      values.append(contentsOf: strip.values)
    }
    let classes = chosen.compactMap { labels.firstIndex(of: $0.label).map(Int32.init) }
    let whole = ExampleSet(
      [Self.input(values.finished(), length: length)],
      targets: .classes(classes, count: labels.count),
      names: chosen.map(\.name))
    var generator = MersenneTwister(seed: RhythmStrips.Options.seed)
    let permutation = generator.permutation(whole.count)
    (training, validation) = whole.split(
      permutation, trainCount: Int(RhythmStrips.Options.trainShare * Double(whole.count)))
    for (part, set) in [("training", training), ("validation", validation)] {
      for (index, label) in labels.enumerated() where !set.labels.contains(Int32(index)) {
        throw RecordingError.unusableSet(
          problem: "no \(part) recording is labelled \(label.rawValue) among \(whole.count) of "
            + "\(RhythmLabel.list(labels)); take more recordings")
      }
    }
    statistics = StripStatistics(
      labels: labels, chosen: chosen, figures: figures, length: length,
      permutation: permutation, training: training, validation: validation)
  }

  /// Strips one after another: a row of the table is one sample.
  static func input(_ numbers: StoredNumbers<Float>, length: Int) -> ExampleSet.Input {
    ExampleSet.Input(
      Table(numbers, rowShape: [1]),
      firstRows: Array(stride(from: 0, to: numbers.count, by: length)), extent: .window(length))
  }
}
