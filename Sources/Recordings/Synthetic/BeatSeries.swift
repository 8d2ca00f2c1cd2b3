import Foundation
import Signals
import TensorCore

/// The beats of a recording: when they come, and what each looks like.
struct BeatSeries {
  /// The beats, the first interval of no meaning.
  private(set) var beats: [TimedBeat] = []
  /// Which of them come before their time, from the atria or the ventricles.
  private(set) var prematureBeats: Set<Int> = []
  private var end = 0.0
  private let duration: Double

  /// Beats for `duration` seconds of a rhythm that the sinus node drives.
  static func sinus(
    _ rhythm: SinusRhythm, _ other: OtherRhythm?, _ beat: HeartBeat, duration: Double,
    _ generator: inout MersenneTwister
  ) -> BeatSeries {
    var series = BeatSeries(duration: duration)
    let cycle = 3 + generator.nextIndex(below: 3)
    let prematurity = generator.draw(0.55...0.75)
    var index = 0
    while series.isUnfinished {
      let interval = rhythm.interval(at: series.end)
      let isEctopic = generator.chance(1.0 / 8)
      switch other {
      case .atrialEctopy where isEctopic:
        // the sinus node begins anew: the next interval is an ordinary one
        series.addPremature(beat.atrial, after: interval * prematurity, &generator)
      case .ventricularEctopy where isEctopic, .bigeminy where index % 2 == 1:
        // the sinus node is not disturbed: the pause makes up for the early beat
        series.addPremature(beat.ventricular, after: interval * prematurity, &generator)
        series.add(beat, after: interval * (2 - prematurity), &generator)
        index += 1
      case .secondDegreeBlock where index % cycle == cycle - 1:
        series.add(beat.blocked, after: interval, &generator)
      default:
        series.add(beat, after: interval, &generator)
      }
      index += 1
    }
    return series
  }

  /// Beats for `duration` seconds of fibrillation.
  static func fibrillation(
    _ node: AtrioventricularNode, _ beat: HeartBeat, duration: Double,
    _ generator: inout MersenneTwister
  ) -> BeatSeries {
    var series = BeatSeries(duration: duration)
    while series.isUnfinished {
      series.add(beat.withoutP, after: node.interval(&generator), &generator)
    }
    return series
  }

  /// Beats for `duration` seconds of flutter: each after `ratio` atrial waves.
  static func flutter(
    frequency: Double, ratio: Int, _ beat: HeartBeat, duration: Double,
    _ generator: inout MersenneTwister
  ) -> BeatSeries {
    var series = BeatSeries(duration: duration)
    while series.isUnfinished {
      series.add(beat.withoutP, after: Double(ratio) / frequency, &generator)
    }
    return series
  }

  private init(duration: Double) { self.duration = duration }

  private var isUnfinished: Bool { end < duration || beats.count < 2 }

  private mutating func addPremature(
    _ beat: HeartBeat, after interval: Double, _ generator: inout MersenneTwister
  ) {
    prematureBeats.insert(beats.count)
    add(beat, after: interval, &generator)
  }

  private mutating func add(
    _ beat: HeartBeat, after interval: Double, _ generator: inout MersenneTwister
  ) {
    // each beat within about a twentieth of the others' height: ours, by the challenge's recordings
    let size = max(0.5, 1 + 0.05 * generator.normal())
    beats.append(TimedBeat(interval: interval, beat: beat.resized(by: size)))
    end += interval
  }
}
