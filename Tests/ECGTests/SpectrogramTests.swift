import Foundation
import XCTest

@testable import ECG

/// Against SciPy and NumPy, by Tests/Reference/spectrogram.py.
final class SpectrogramTests: XCTestCase {
  private struct Fixture: Decodable {
    struct Case: Decodable {
      let name: String
      let samples: [Int16]
      let paddedLength: Int
      let power: [Double]
    }
    struct Normal: Decodable {
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
  }

  private func load() throws -> Fixture {
    try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: fixture("spectrogram.json")))
  }

  /// Within 1e-5 of SciPy's float64 result, relative to the root mean square of the bin over the
  /// recording's windows, and at least to a millionth of the largest power there is in the
  /// recording: float32 cannot resolve less beside it.
  func testPowerAgreesWithSciPy() throws {
    for example in try load().cases {
      let power = Spectrogram().power(of: example.samples, paddedLength: example.paddedLength)
      XCTAssertEqual(power.count, example.power.count, example.name)
      let windows = power.count / 17
      let largest = example.power.max() ?? 0
      for bin in 0..<17 {
        let squares = (0..<windows).map { pow(example.power[$0 * 17 + bin], 2) }
        let scale = max((squares.reduce(0, +) / Double(windows)).squareRoot(), largest * 1e-6)
        for window in 0..<windows {
          let expected = example.power[window * 17 + bin]
          XCTAssertLessThanOrEqual(
            abs(Double(power[window * 17 + bin]) - expected), 1e-5 * scale,
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
    let expected = try load().normalisation
    var frames = expected.power
    let normalisation = frames.withUnsafeMutableBufferPointer {
      Normalisation(
        $0, binCount: 17, stored: expected.stored, kept: expected.kept, windows: expected.windows)
    }
    XCTAssertEqual(normalisation.means, expected.means)
    XCTAssertEqual(normalisation.deviations, expected.deviations)
    XCTAssertEqual(Array(frames.prefix(expected.normal.count)), expected.normal)
    XCTAssertEqual(normalisation.mean, expected.mean, accuracy: 1e-9)
    XCTAssertEqual(normalisation.deviation, expected.deviation, accuracy: 1e-9)
  }

  func testAConstantBinIsNotDividedByZero() {
    var frames = [Float](repeating: 2, count: 2 * 17)
    let normalisation = frames.withUnsafeMutableBufferPointer {
      Normalisation($0, binCount: 17, stored: [2], kept: [2], windows: 2)
    }
    XCTAssertEqual(frames, [Float](repeating: 0, count: 2 * 17))
    XCTAssertEqual(normalisation.deviations, [Float](repeating: 1, count: 17))
  }
}
