import Foundation
import XCTest

@testable import Recordings
@testable import Signals

/// Against SciPy and NumPy, by Tests/Reference/spectrogram.py.
final class SpectrogramTests: XCTestCase {
  private struct Fixture: Decodable {
    struct Case: Decodable {
      let name: String
      let samples: [Int16]
      let paddedLength: Int
      let windowLength: Int
      let overlap: Int
      let power: [Double]
    }
    struct Normal: Decodable {
      let bins: Int
      let stored: [Int]
      let kept: [Int]
      let windows: Int
      let power: [Float]
      let means: [Float]
      let deviations: [Float]
      let normal: [Float]
      let mean: Double
      let deviation: Double
    }
    let cases: [Case]
    let normalisation: Normal
    let otherNormalisation: Normal
  }

  private func load() throws -> Fixture {
    try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: fixture("spectrogram.json")))
  }

  /// Within 1e-5 of SciPy's float64 result, relative to the root mean square of the bin over the
  /// recording's windows, and at least to a millionth of the largest power there is in the
  /// recording: float32 cannot resolve less beside it.
  func testPowerAgreesWithSciPy() throws {
    for example in try load().cases {
      let spectrogram = Spectrogram(windowLength: example.windowLength, overlap: example.overlap)
      let power = spectrogram.power(of: example.samples, paddedLength: example.paddedLength)
      XCTAssertEqual(power.count, example.power.count, example.name)
      let bins = spectrogram.binCount
      XCTAssertEqual(bins, example.windowLength / 2 + 1)
      let windows = power.count / bins
      let largest = example.power.max() ?? 0
      for bin in 0..<bins {
        let squares = (0..<windows).map { pow(example.power[$0 * bins + bin], 2) }
        let scale = max((squares.reduce(0, +) / Double(windows)).squareRoot(), largest * 1e-6)
        for window in 0..<windows {
          let expected = example.power[window * bins + bin]
          XCTAssertLessThanOrEqual(
            abs(Double(power[window * bins + bin]) - expected), 1e-5 * scale,
            "\(example.name), window \(window), bin \(bin): \(expected)")
        }
      }
    }
  }

  func testWindowCounts() {
    // 18286 samples: 652 windows of which the course keeps (18286 - 32) / 28 = 651.
    XCTAssertEqual(Spectrogram().windowCount(of: 18286), 652)
    XCTAssertEqual(Spectrogram().trueWindowCount(of: 18286), 651)
    XCTAssertEqual(Spectrogram().trueWindowCount(of: 9000), 320)
    XCTAssertEqual(Spectrogram().trueWindowCount(of: 4004), 141)
    XCTAssertEqual([0, 31, 32, 59, 60].map(Spectrogram().windowCount), [0, 0, 1, 1, 2])
    XCTAssertEqual([0, 31, 32, 59, 60].map(Spectrogram().trueWindowCount), [0, 0, 0, 0, 1])
  }

  func testWindowsBehindTheSamplesAreExactlyZero() {
    let power = Spectrogram().power(of: [Int16](repeating: 500, count: 57), paddedLength: 300)
    // Windows start at 0, 28, 56, 84 …: the fourth is the first without a sample.
    XCTAssertTrue(power[(3 * 17)...].allSatisfy { $0 == 0 })
    XCTAssertNotEqual(power[2 * 17], 0)
    XCTAssertEqual(Spectrogram().power(of: []), [])
  }

  /// The same sums in the same order give NumPy's float32 numbers to the bit.
  func testNormalisationIsNumPysToTheBit() throws {
    let fixture = try load()
    for expected in [fixture.normalisation, fixture.otherNormalisation] {
      try assertNormalised(expected) {
        Normalisation(
          $0, binCount: expected.bins, stored: expected.stored, kept: expected.kept,
          windows: expected.windows)
      }
    }
  }

  /// The form for any number of bins and that for 17 do the same.
  func testTheGeneralNormalisationOfSeventeenBins() throws {
    let expected = try load().normalisation
    try assertNormalised(expected) {
      Normalisation(
        any: $0, binCount: 17, stored: expected.stored, kept: expected.kept,
        windows: expected.windows)
    }
  }

  private func assertNormalised(
    _ expected: Fixture.Normal, line: UInt = #line,
    _ normalise: (UnsafeMutableBufferPointer<Float>) -> Normalisation
  ) throws {
    var frames = expected.power
    let normalisation = frames.withUnsafeMutableBufferPointer { normalise($0) }
    XCTAssertEqual(normalisation.means, expected.means, line: line)
    XCTAssertEqual(normalisation.deviations, expected.deviations, line: line)
    XCTAssertEqual(Array(frames.prefix(expected.normal.count)), expected.normal, line: line)
    XCTAssertEqual(normalisation.mean, expected.mean, accuracy: 1e-9, line: line)
    XCTAssertEqual(normalisation.deviation, expected.deviation, accuracy: 1e-9, line: line)
  }

  func testAConstantBinIsNotDividedByZero() {
    for bins in [17, 5] {
      var frames = [Float](repeating: 2, count: 2 * bins)
      let normalisation = frames.withUnsafeMutableBufferPointer {
        Normalisation($0, binCount: bins, stored: [2], kept: [2], windows: 2)
      }
      XCTAssertEqual(frames, [Float](repeating: 0, count: 2 * bins))
      XCTAssertEqual(normalisation.deviations, [Float](repeating: 1, count: bins))
    }
  }
}
