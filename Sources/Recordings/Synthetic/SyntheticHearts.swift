import Dispatch
import Signals
import TensorCore

/// Records as the MIT-BIH database has them, made by the model of the heart, so that heartbeats can be cut
/// without a download: two leads at 360 Hz, annotated beats of all five classes.
enum SyntheticHearts {
  /// Records in the default set, and the seed and the minutes of each.
  static let defaultCount = 20
  static let defaultSeed: UInt64 = 2001
  static let defaultMinutes = 10

  static let settings = [
    DataSetting("minutes", "the length of a record, 1 to 30", standard: "\(defaultMinutes)")
  ]

  /// `count` records and their rows. The same arguments give the same samples, on any number of threads.
  ///
  /// - Throws: `WFDBError` where annotations do not follow each other, which they do.
  static func make(
    count: Int, seed: UInt64, minutes: Int = defaultMinutes, progress: RecordingProgress
  ) throws -> HeartbeatSet {
    var generator = MersenneTwister(seed: seed)
    let seeds = (0..<count).map { _ in UInt64(generator.next32()) }
    let block = 8
    var records: [HeartRecord] = []
    for first in stride(from: 0, to: count, by: block) {
      records += concurrently(first..<min(first + block, count)) {
        record($0, seed: seeds[$0], minutes: minutes)
      }
      progress(records.count, count)
    }
    return HeartbeatSet(
      joining: try records.map {
        ($0.name, $0.leads[0].name, try HeartbeatRows($0.leads[0].samples, $0.annotations))
      }, signals: records, source: "synthetic recordings, seed \(seed)", isSynthetic: true)
  }

  private static func concurrently(
    _ range: Range<Int>, _ make: @Sendable (Int) -> HeartRecord
  ) -> [HeartRecord] {
    [HeartRecord](unsafeUninitializedCapacity: range.count) { buffer, count in
      // Threads write disjoint places.
      nonisolated(unsafe) let target = buffer
      DispatchQueue.concurrentPerform(iterations: range.count) { index in
        target.initializeElement(at: index, to: make(range.lowerBound + index))
      }
      count = range.count
    }
  }

  /// Record number `index`: every fifth has a pacemaker.
  private static func record(_ index: Int, seed: UInt64, minutes: Int) -> HeartRecord {
    var generator = MersenneTwister(seed: seed)
    let rate = HeartRecord.samplesPerSecond
    let count = minutes * 60 * rate
    // two seconds for the voltage to settle
    let start = 2.0
    let breathRate = generator.draw(0.15...0.35)
    let heart = DynamicalHeart(
      breathHeight: generator.draw(0...0.15), breathRate: breathRate)
    let series = AnnotatedBeats(
      isPaced: index % 5 == 4, duration: start + Double(count) / Double(rate) + 4,
      breathRate: breathRate, &generator)
    var (signal, peaks) = heart.trace(series.beats, start: start, count: count, rate: rate)
    series.addSpikes(to: &signal, at: peaks, rate: rate)
    // the other lead sees the same heart from elsewhere
    let height = generator.draw(-0.8 ... -0.3)
    var other = HeartRecord.scaled(signal, by: height)
    RecordingNoise(isIllegible: false, &generator).add(to: &signal, rate: rate, &generator)
    RecordingNoise(isIllegible: false, &generator).add(to: &other, rate: rate, &generator)
    let digits = "\(index + 1)"
    return HeartRecord(
      name: "s" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits,
      leads: [("MLII", HeartRecord.converted(signal)), ("V1", HeartRecord.converted(other))],
      annotations: series.annotations(at: peaks))
  }
}

/// Beats one after another, and what each of them is.
private struct AnnotatedBeats {
  private(set) var beats: [TimedBeat] = []
  private var symbols: [Character] = []
  private var end = 0.0

  /// Beats of one patient for `duration` seconds. The shares of early beats are ours: enough of each class
  /// to learn from, and still very different ones.
  init(
    isPaced: Bool, duration: Double, breathRate: Double, _ generator: inout MersenneTwister
  ) {
    let own = HeartBeat.ofPatient(&generator)
    // one in eight has a bundle branch block: broad beats after a P wave are normal ones too
    let isBlocked = generator.chance(1.0 / 8)
    let normal = isBlocked ? own.bundleBranchBlock : own
    let sinus = SinusRhythm(
      rate: generator.draw(60...95), deviation: generator.draw(1...5), breathRate: breathRate,
      &generator)
    // a pacemaker's intervals are all alike
    let pacing = 60 / generator.draw(60...80)
    // after the settled beat that every series begins with
    var pause = 1.0
    while end < duration || beats.count < 4 {
      let interval = (isPaced ? pacing : sinus.interval(at: end)) * pause
      let kind = pause == 1 ? generator.draw(0...1) : 1
      pause = 1
      switch kind {
      case _ where isPaced:
        let isOwn = generator.chance(0.08)
        add(isOwn ? normal : own.paced, isOwn ? "N" : "/", interval, &generator)
      case ..<0.08:
        // the sinus node begins anew, a little late
        pause = generator.draw(1.05...1.25)
        add(own.atrial, "A", interval * generator.draw(0.55...0.75), &generator)
      case ..<0.20:
        // the sinus node is not disturbed: the pause makes up for the early beat
        let early = generator.draw(0.55...0.75)
        pause = 2 - early
        add(own.ventricular, "V", interval * early, &generator)
      case ..<0.25:
        // from both at once, so hardly early
        add(own.fusion, "F", interval * generator.draw(0.92...1), &generator)
      default:
        add(normal, isBlocked ? "L" : "N", interval, &generator)
      }
    }
  }

  private mutating func add(
    _ beat: HeartBeat, _ symbol: Character, _ interval: Double,
    _ generator: inout MersenneTwister
  ) {
    // each beat within about a twentieth of the others' height, as in other synthetic recordings
    let size = max(0.5, 1 + 0.05 * generator.normal())
    beats.append(TimedBeat(interval: interval, beat: beat.resized(by: size)))
    symbols.append(symbol)
    end += interval
  }

  /// The pacemaker's pulse 25 ms before each paced beat: 1.5 mV for 8 ms.
  func addSpikes(to signal: inout [Double], at peaks: [(beat: Int, sample: Int)], rate: Int) {
    for peak in peaks where symbols[peak.beat] == "/" {
      let first = peak.sample - 25 * rate / 1000
      for sample in first..<(first + 8 * rate / 1000 + 1) where signal.indices.contains(sample) {
        signal[sample] += 1.5
      }
    }
  }

  /// The rhythm at the first sample, and every beat at its R wave.
  func annotations(at peaks: [(beat: Int, sample: Int)]) -> WFDBAnnotations {
    func code(_ symbol: Character) -> UInt8 { WFDBAnnotations.codes[symbol] ?? 0 }
    let rhythm = symbols.contains("/") ? "(P" : "(N"
    return WFDBAnnotations(
      [.init(sample: 0, code: code("+"), text: rhythm)]
        + peaks.map { .init(sample: $0.sample, code: code(symbols[$0.beat])) })
  }
}
