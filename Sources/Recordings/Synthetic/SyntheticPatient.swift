import Foundation
import Signals
import TensorCore

/// One imaginary patient with one device: everything that differs from recording to recording,
/// drawn from a generator.
enum SyntheticPatient {
  /// `count` samples of a rhythm in the challenge's units, and the samples of the R waves of premature beats.
  static func samples(
    _ rhythm: RhythmLabel, count: Int, _ generator: inout MersenneTwister
  ) -> (samples: [Int16], prematureBeats: [Int]) {
    let beat = HeartBeat.ofPatient(&generator)
    // the paper's 0.25 Hz is 15 breaths a minute; people at rest take 9 to 21
    let breathRate = generator.draw(0.15...0.35)
    let heart = DynamicalHeart(breathHeight: generator.draw(0...0.15), breathRate: breathRate)
    // two seconds for the voltage to settle, as z forgets with a time constant of one, and one
    // second for the device's filters
    let start = 2 + generator.draw(0...1)
    let settling = Recording.samplesPerSecond
    let total = settling + count
    let duration = start + Double(total) / Double(Recording.samplesPerSecond) + 1

    // a noisy recording may show any rhythm; which one, nobody can tell
    let isFibrillating =
      rhythm == .fibrillation || rhythm == .noisy && generator.chance(0.1)
    let other = rhythm == .other ? OtherRhythm.allCases.randomElement(using: &generator) : nil

    var waves: AtrialWaves?
    let series: BeatSeries
    if isFibrillating {
      // 6.25 ± 0.58 Hz in the 25 patients of Corino et al. 2013
      let frequency = min(max(6.25 + 0.58 * generator.normal(), 4), 9)
      // ours: lead I lies farther from the atria than V3, whose waves are of 0.045 mV
      waves = AtrialWaves(
        frequency: frequency, height: generator.drawByFactor(0.015...0.06), sways: true)
      let node = AtrioventricularNode(frequency: frequency, &generator)
      series = .fibrillation(node, beat, duration: duration, &generator)
    } else if other == .flutter {
      let frequency = generator.draw(4...5.8)
      waves = AtrialWaves(
        frequency: frequency, height: generator.draw(0.06...0.15), sways: false)
      series = .flutter(
        frequency: frequency, ratio: 2 + generator.nextIndex(below: 3), beat, duration: duration,
        &generator)
    } else {
      // a normal sinus rhythm has 60 to 100 beats a minute by definition; the paper's figures have
      // standard deviations of 1 (the program's default) and 5
      let sinus = SinusRhythm(
        rate: generator.draw(other?.rates ?? 60...100), deviation: generator.draw(1...5),
        breathRate: breathRate, &generator)
      let own = other == .firstDegreeBlock ? beat.withP(before: generator.draw(0.22...0.3)) : beat
      series = .sinus(sinus, other, own, duration: duration, &generator)
    }

    var (signal, peaks) = heart.trace(
      series.beats, start: start, count: total, rate: Recording.samplesPerSecond)
    waves?.add(to: &signal, &generator)
    RecordingNoise(isIllegible: rhythm == .noisy, &generator).add(to: &signal, &generator)
    // in three of ten of the challenge's recordings the largest deflection is downwards
    let samples = RecordingDevice.samples(of: signal, isInverted: generator.chance(0.3))
    let premature = peaks.filter { series.prematureBeats.contains($0.beat) }
    return (
      Array(samples.dropFirst(settling)),
      premature.map { $0.sample - settling }.filter { $0 >= 0 }
    )
  }
}
