import Foundation
import XCTest

@testable import Recordings
@testable import Signals

/// From the numbers of a file to leads at 100 Hz.
final class TwelveLeadSignalTests: XCTestCase {
  /// As SciPy's `resample_poly`, to 1e-12.
  func testResamplingAsSciPy() throws {
    for own in try TwelveLeadFixture.read().resamplings {
      let result = RationalResampling(up: own.up, down: own.down)(own.signal)
      let what = "\(own.up) : \(own.down) of \(own.signal.count)"
      XCTAssertEqual(result.count, own.result.count, what)
      for (ours, theirs) in zip(result, own.result) {
        XCTAssertEqual(ours, theirs, accuracy: 1e-12, what)
      }
    }
  }

  func testRatesBecomeFractions() throws {
    for (rate, up, down) in [
      (500.0, 1, 5), (1000, 1, 10), (257, 100, 257), (250, 2, 5), (100, 1, 1), (1000.0 / 3, 3, 10),
      (360, 5, 18), (62.5, 8, 5),
    ] {
      let own = try XCTUnwrap(RationalResampling(from: rate, to: 100), "\(rate)")
      XCTAssertEqual([own.up, own.down], [up, down], "\(rate)")
    }
    for rate in [0, -1, 1, 49.9, 10_001, 100.007, .infinity, .nan] {
      XCTAssertNil(RationalResampling(from: rate, to: 100), "\(rate)")
    }
  }

  /// The amplitude is NumPy's percentile, without its sorting.
  func testAmplitudesAsNumPy() throws {
    for own in try TwelveLeadFixture.read().amplitudes {
      let leads = [[Int16]](repeating: own.samples, count: 12)
      let signal = TwelveLeadSignal(
        leads, scales: leads.map { _ in .init(gain: 8, zero: 3) },
        RationalResampling(up: 1, down: 1))
      XCTAssertEqual(8 * signal.amplitude, own.amplitude, accuracy: 1e-9, "\(own.samples.count)")
      XCTAssertEqual(signal.constantLeads, Set(own.samples).count == 1 ? 12 : 0)
    }
  }

  func testTheMedianLeadAndTheConstantOnesCount() {
    var leads: [[Int16]] = (0..<12).map { lead in
      let height = Int16(100 * lead)
      return (0..<200).map { place in place % 2 == 0 ? height : -height }
    }
    leads[2] = zip(leads[1], leads[0]).map { $0 - $1 + 40 }
    let signal = TwelveLeadSignal(
      leads, scales: leads.map { _ in .init(gain: 1000, zero: 0) },
      RationalResampling(up: 1, down: 1))
    XCTAssertEqual(signal.constantLeads, 1)
    // leads 5 and 6 lie in the middle
    XCTAssertEqual(signal.amplitude, 0.55, accuracy: 1e-12)
    XCTAssertEqual(signal.limbError, 0.04, accuracy: 1e-12)
    XCTAssertEqual(signal.values[5 * 200], 0.5)
  }

  /// Each lead less its mean, by its deviation over all crops, at most 20 of them.
  func testScaling() {
    let length = TwelveLeadSignal.cropLength
    func record(_ heights: [Float]) -> [Float] {
      var values: [Float] = []
      for lead in 0..<12 {
        for height in heights {
          let own = height * Float(lead + 1)
          for place in 0..<length { values.append(Float(lead) + (place % 2 == 0 ? own : -own)) }
        }
      }
      return values
    }
    let values = record([1, 3])
    var deviations = LeadScaling.Deviations()
    for crop in 0..<2 { deviations.add(values, count: 2 * length, crop: crop) }
    for lead in 0..<12 {
      // √((1 + 9) / 2)
      XCTAssertEqual(deviations.values[lead], 5.0.squareRoot() * Double(lead + 1), accuracy: 1e-6)
    }
    var table: [Float] = []
    LeadScaling.append(values, count: 2 * length, crop: 1, by: deviations.values, to: &table)
    XCTAssertEqual(table.count, 12 * length)
    for lead in 0..<12 {
      XCTAssertEqual(table[lead * length], 3 / Float(5).squareRoot(), accuracy: 1e-5)
      XCTAssertEqual(table[lead * length + 1], -3 / Float(5).squareRoot(), accuracy: 1e-5)
    }
    table = []
    LeadScaling.append(values, count: 2 * length, crop: 1, by: nil, to: &table)
    XCTAssertEqual(table[7 * length], 1, accuracy: 1e-5)
    table = []
    LeadScaling.append(
      record([3]), count: length, crop: 0, by: Array(repeating: 0.01, count: 12), to: &table)
    XCTAssertEqual(Set(table), [20, -20])
    table = []
    LeadScaling.append(
      [Float](repeating: 5, count: 12 * length), count: length, crop: 0, by: nil, to: &table)
    XCTAssertEqual(Set(table), [0])
  }
}
