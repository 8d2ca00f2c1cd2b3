import Foundation
import TensorCore
import XCTest

@testable import Recordings
@testable import Signals

/// The parts of the model, each against its equation.
final class DynamicalHeartTests: XCTestCase {
  private struct Fixture: Decodable {
    let intervals: [Double]
    let breathHeight: Double
    let breathRate: Double
    let signal: [Double]
  }

  /// Against SciPy's solution of the same equations, by Tests/Reference/synthetic.py: within 0.001 mV,
  /// a unit of the samples.
  func testTheEquationsAreSolved() throws {
    let fixture = try JSONDecoder().decode(
      Fixture.self, from: Data(contentsOf: fixture("heart.json")))
    let heart = DynamicalHeart(
      breathHeight: fixture.breathHeight, breathRate: fixture.breathRate)
    let signal = heart.samples(
      fixture.intervals.map { TimedBeat(interval: $0, beat: .table) }, start: 0,
      count: fixture.signal.count)
    XCTAssertEqual(signal.count, fixture.signal.count)
    let largest = zip(signal, fixture.signal).map { abs($0 - $1) }.max() ?? .infinity
    XCTAssertLessThan(largest, 0.001)
    XCTAssertGreaterThan(fixture.signal.max() ?? 0, 1)
  }

  /// The table's beat has the height that ECGSYN gives it, at any rate.
  func testHeightsDoNotDependOnTheInterval() {
    let heart = DynamicalHeart(breathHeight: 0, breathRate: 0.25)
    for interval in [0.5, 0.8, 1.0, 1.5] {
      let beats = Array(repeating: TimedBeat(interval: interval, beat: .table), count: 8)
      let signal = heart.samples(beats, start: 3, count: 600)
      let height = (signal.max() ?? 0) - (signal.min() ?? 0)
      XCTAssertEqual(height, 1.6, accuracy: interval == 1 ? 0.01 : 0.1, "\(interval)")
    }
  }

  func testRWavesComeAtTheirIntervals() {
    let intervals = [1.0, 0.8, 0.5, 1.3, 0.7, 0.9, 0.6, 1.1]
    let heart = DynamicalHeart(breathHeight: 0, breathRate: 0.25)
    let signal = heart.samples(
      intervals.map { TimedBeat(interval: $0, beat: .table) }, start: 0, count: 1800)
    let peaks = peaks(signal, above: 0.6)
    // before the first R wave is half of the interval that ends with it
    XCTAssertEqual(peaks.count, 7)
    for (index, interval) in intervals[2...].enumerated() {
      XCTAssertEqual(
        Double(peaks[index + 1] - peaks[index]) / 300, interval, accuracy: 2.0 / 300, "\(index)")
    }
  }

  private func peaks(_ signal: [Double], above least: Double) -> [Int] {
    signal.indices.dropFirst().dropLast().filter {
      signal[$0] > least && signal[$0] >= signal[$0 - 1] && signal[$0] > signal[$0 + 1]
    }
  }

  // MARK: - Sinus rhythm

  /// Mean and deviation of the intervals, and how the power divides between the two waves, from the
  /// Fourier sums over one period of the process.
  func testTheIntervalsHaveTheSpectrum() {
    var generator = MersenneTwister(seed: 4)
    let rhythm = SinusRhythm(rate: 80, deviation: 3, breathRate: 0.3, &generator)
    let count = 1000
    let intervals = (0..<count).map { rhythm.interval(at: Double($0) / 10) }
    let mean = intervals.reduce(0, +) / Double(count)
    XCTAssertEqual(mean, 0.75, accuracy: 1e-9)
    let variance = intervals.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    XCTAssertEqual(variance.squareRoot(), 60 * 3 / 6400, accuracy: 1e-9)
    func power(_ range: ClosedRange<Int>) -> Double {
      range.reduce(0) { sum, index in
        let angle = 2 * Double.pi * Double(index) / Double(count)
        let real = intervals.indices.reduce(0) { $0 + intervals[$1] * cos(angle * Double($1)) }
        let imaginary = intervals.indices.reduce(0) { $0 + intervals[$1] * sin(angle * Double($1)) }
        return sum + real * real + imaginary * imaginary
      }
    }
    // hundredths of a hertz
    XCTAssertEqual(power(5...15) / power(25...35), 0.5, accuracy: 1e-6)
  }

  // MARK: - Fibrillation

  /// No interval is shorter than a refractory period can be; the intervals scatter, and none tells
  /// anything of the next.
  func testTheNodesIntervals() {
    var generator = MersenneTwister(seed: 6)
    for _ in 0..<20 {
      let node = AtrioventricularNode(frequency: 6.25, &generator)
      let intervals = (0..<2000).map { _ in node.interval(&generator) }
      let mean = intervals.reduce(0, +) / 2000
      let deviations = intervals.map { $0 - mean }
      let variance = deviations.reduce(0) { $0 + $1 * $1 } / 2000
      XCTAssertGreaterThan(intervals.min() ?? 0, 0.25)
      XCTAssertTrue((60 / 150.0...60 / 55.0).contains(mean), "\(mean)")
      XCTAssertGreaterThan(variance.squareRoot() / mean, 0.1)
      let neighbours = zip(deviations, deviations.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
      // four standard deviations of a correlation of 2000
      XCTAssertEqual(neighbours / 2000 / variance, 0, accuracy: 4 / 2000.0.squareRoot())
    }
  }

  /// The i-th harmonic has the height 2a / iπ.
  func testTheHarmonicsOfFlutter() {
    var generator = MersenneTwister(seed: 8)
    let waves = AtrialWaves(frequency: 5, height: 0.1, sways: false)
    let signal = waves.signal(count: 1200, &generator)
    for harmonic in 1...6 {
      let angle = 2 * Double.pi * 5 * Double(harmonic) / 300
      let real = signal.indices.reduce(0) { $0 + signal[$1] * cos(angle * Double($1)) } / 600
      let imaginary = signal.indices.reduce(0) { $0 + signal[$1] * sin(angle * Double($1)) } / 600
      XCTAssertEqual(
        (real * real + imaginary * imaginary).squareRoot(),
        harmonic > 5 ? 0 : 0.2 / (Double(harmonic) * .pi), accuracy: 1e-9, "\(harmonic)")
    }
  }

  /// Heights between 2/3 and 4/3 of the mean.
  func testFibrillatoryWavesSway() {
    var generator = MersenneTwister(seed: 9)
    let steady = AtrialWaves(frequency: 6, height: 0.1, sways: false)
    let swaying = AtrialWaves(frequency: 6, height: 0.1, sways: true)
    let highest = steady.signal(count: 300, &generator).max() ?? 0
    // 0.08 Hz: the height changes within 12.5 s
    let signal = swaying.signal(count: 3750, &generator)
    let heights = stride(from: 0, to: 3750, by: 75).map { signal[$0..<($0 + 75)].max() ?? 0 }
    XCTAssertEqual((heights.max() ?? 0) / highest, 4.0 / 3, accuracy: 0.05)
    XCTAssertEqual((heights.min() ?? 0) / highest, 2.0 / 3, accuracy: 0.05)
  }

  // MARK: - Other rhythms

  private func series(_ other: OtherRhythm?, rate: Double, seconds: Double = 60) -> [TimedBeat] {
    var generator = MersenneTwister(seed: 3)
    let rhythm = SinusRhythm(rate: rate, deviation: 1, breathRate: 0.25, &generator)
    return BeatSeries.sinus(rhythm, other, .table, duration: seconds, &generator).beats
  }

  func testBeatsFillTheTime() {
    let beats = series(nil, rate: 75)
    XCTAssertEqual(beats.count, 75, accuracy: 2)
    XCTAssertGreaterThanOrEqual(beats.reduce(0) { $0 + $1.interval }, 60)
    XCTAssertTrue(beats.allSatisfy { abs($0.interval - 0.8) < 0.06 && $0.beat.p.strength > 0 })
  }

  func testEverySecondBeatOfBigeminyIsEarlyAndBroad() {
    let beats = series(.bigeminy, rate: 75)
    for (first, second) in zip(beats.dropFirst(2), beats.dropFirst(3)) {
      let ectopic = first.beat.p.strength == 0 ? first : second
      let ordinary = first.beat.p.strength == 0 ? second : first
      XCTAssertLessThan(ectopic.interval, 0.75 * 0.86)
      // the pause makes up for it
      XCTAssertGreaterThan(ordinary.interval, 0.8 * 1.2)
      XCTAssertGreaterThan(ectopic.beat.r.width, 2 * ordinary.beat.r.width)
      XCTAssertEqual(ordinary.beat.p.strength > 0, true)
    }
  }

  func testBlockedBeatsHaveAPWaveOnly() {
    let beats = series(.secondDegreeBlock, rate: 75)
    let blocked = beats.indices.filter { beats[$0].beat.r.strength == 0 }
    XCTAssertTrue((10...26).contains(blocked.count), "\(blocked.count)")
    for (first, second) in zip(blocked, blocked.dropFirst()) {
      XCTAssertEqual(second - first, blocked[1] - blocked[0])
    }
    XCTAssertTrue(blocked.allSatisfy { beats[$0].beat.p.strength > 0 })
  }

  func testPrematureAtrialBeats() {
    let beats = series(.atrialEctopy, rate: 75, seconds: 600)
    let early = beats.filter { $0.interval < 0.7 }
    XCTAssertEqual(Double(early.count) / Double(beats.count), 1.0 / 8, accuracy: 0.04)
    XCTAssertTrue(early.allSatisfy { $0.beat.p.strength < 0 })
  }

  // MARK: - The device

  /// The gain of a Butterworth filter of the fourth order that the bilinear transform has made, and
  /// of a simple pole at 0.5 Hz.
  func testTheDevicesLimits() {
    for frequency in [0.5, 2, 10, 30, 40, 60, 80] {
      let warped = tan(.pi * frequency / 300) / tan(.pi * 40 / 300)
      let fast = 1 / (1 + pow(warped, 8)).squareRoot()
      let slow = 1 / (1 + pow(0.5 / frequency, 2)).squareRoot()
      let gain = fast * slow
      let signal = (0..<6000).map { sin(2 * .pi * frequency * Double($0) / 300) }
      let samples = RecordingDevice.samples(of: signal, isInverted: false).suffix(3000)
      let power = samples.reduce(0) { $0 + Double($1) * Double($1) } / 3000
      XCTAssertEqual((2 * power).squareRoot() / 1000, gain, accuracy: 0.01, "\(frequency) Hz")
    }
  }

  func testUpsideDown() {
    let signal = (0..<900).map { sin(Double($0) / 9) }
    let upright = RecordingDevice.samples(of: signal, isInverted: false)
    XCTAssertEqual(RecordingDevice.samples(of: signal, isInverted: true), upright.map { -$0 })
    XCTAssertGreaterThan(upright.max() ?? 0, 900)
  }

  func testTheDeviceSaturates() {
    let samples = RecordingDevice.samples(
      of: (0..<300).map { $0 < 150 ? 0 : 100 }, isInverted: false)
    XCTAssertEqual(samples.max(), 32767)
  }
}

extension DynamicalHeart {
  /// At 300 Hz, without the places of R waves.
  fileprivate func samples(_ beats: [TimedBeat], start: Double, count: Int) -> [Double] {
    trace(beats, start: start, count: count, rate: RecordingDevice.samplesPerSecond).signal
  }
}
