import Examples
import Signals
import TensorCore

/// Heartbeats dealt out into sets, as tokens.
struct PreparedHeartbeats {
  let training: ExampleSet
  /// What figures are of.
  let figures: ExampleSet
  /// The sets that a search chooses by and that it is looked at with once; nil where figures are of one of them.
  let test, holdOut: ExampleSet?
  let options: Heartbeats.Options
  let statistics: HeartbeatStatistics

  /// - Throws: `RecordingError.unusableSet` where a class would be missing in a set.
  init(_ beats: HeartbeatSet, options: Heartbeats.Options) throws {
    self.options = options
    let parts = try beats.parts(options.split)
    func set(
      _ name: String, _ chosen: [HeartbeatPart], needsAllClasses: Bool = true
    ) throws -> ExampleSet {
      let rows = ChosenRows.ofParts(parts, chosen)
      for (number, count) in ChosenRows.counts(rows, beats.classes).enumerated()
      where needsAllClasses && count == 0 {
        throw RecordingError.unusableSet(
          problem: "no beat of the \(name) set is of class "
            + "\(HeartbeatClass.allCases[number].letter) among \(beats.beatCount); take more records"
        )
      }
      return ExampleSet(
        [Self.input(beats.values, rows, options)],
        targets: .classes(
          ChosenRows.classes(rows, beats.classes), count: HeartbeatClass.allCases.count),
        names: name == "training" ? [] : Self.names(rows, of: beats))
    }
    training = try set("training", [.training])
    figures = try set(options.figures.rawValue, options.figures.parts)
    // of a few records a rare class may be missing there, which only those who open the set need to know
    let isWholeSplit = options.figures == .validation
    test = isWholeSplit ? try set("test", [.test], needsAllClasses: false) : nil
    holdOut = isWholeSplit ? try set("hold-out", [.holdOut], needsAllClasses: false) : nil
    statistics = HeartbeatStatistics(beats, parts: parts)
  }

  /// The input of the beats of some rows: tokens of `patch` values, or the beat as it is.
  static func input(
    _ values: [Float], _ rows: [Int], _ options: Heartbeats.Options
  ) -> ExampleSet.Input {
    guard options.tokenCount > 1 else {
      return .init(
        Table(values, rowShape: [HeartbeatSet.width]), name: Heartbeats.beat, firstRows: rows,
        extent: .row)
    }
    return .init(
      Table(values, rowShape: [options.patch]), name: Heartbeats.tokens,
      firstRows: ChosenRows.starts(rows, cutInto: options.tokenCount),
      extent: .window(options.tokenCount))
  }

  /// `100:77` for the beat at sample 77 of record 100; a row of a table by its number.
  private static func names(_ rows: [Int], of beats: HeartbeatSet) -> [String] {
    var record = 0
    return rows.map { row in
      while !beats.records[record].rows.contains(row) { record += 1 }
      let own = beats.records[record]
      return beats.samples.isEmpty
        ? "\(own.name):\(row - own.rows.lowerBound + 1)" : "\(own.name):\(beats.samples[row])"
    }
  }

  /// The same without what only this kind has.
  func data(of collection: HeartbeatSet) -> PreparedData {
    let perClass = options.balancedCount / HeartbeatClass.allCases.count
    return PreparedData(
      SplitExamples(training: training, validation: figures, test: test, holdOut: holdOut),
      sizes: options.sizes,
      classes: HeartbeatClass.allCases.map(\.letter), report: statistics.report,
      remark: options.remark, valuesPerSecond: HeartbeatSet.valuesPerSecond,
      augmentations: [
        .init("balanced", source: .all) { [training] seed in
          var generator = MersenneTwister(seed: seed)
          return training.drawn(perClass: perClass, &generator)
        }
      ], of: collection)
  }
}
