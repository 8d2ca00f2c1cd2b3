import TensorCore
import TestSupport
import XCTest

/// The normal distribution against 50 digits (`Tests/Reference/normal.py`).
final class NormalDistributionTests: XCTestCase {
  private struct Listing: Decodable { let cases: [Case] }

  private struct Case: Decodable {
    let name: String
    let x, result: Double
  }

  private let functions: [String: (function: (Double) -> Double, error: Double)] = [
    "density": (NormalDistribution.density, 4e-16),
    "logDensity": (NormalDistribution.logDensity, 3e-16),
    "cumulative": (NormalDistribution.cumulative, 5e-16),
    "logCumulative": (NormalDistribution.logCumulative, 5e-16),
    "quantile": (NormalDistribution.quantile, 7e-16),
  ]

  /// The error that the documentation states, relative to the result.
  func testEveryCase() throws {
    let path = "TensorCoreTests/Fixtures/normal.json"
    let cases = try Fixture.decode(Listing.self, path).cases
    XCTAssertEqual(cases.count, 129)
    for entry in cases {
      let (function, error) = try XCTUnwrap(functions[entry.name])
      let got = function(entry.x)
      XCTAssertLessThanOrEqual(
        abs(got - entry.result), error * abs(entry.result),
        "\(entry.name)(\(entry.x)): \(got), expected \(entry.result)")
    }
  }

  func testTheEnds() {
    XCTAssertEqual(NormalDistribution.quantile(0), -.infinity)
    XCTAssertEqual(NormalDistribution.quantile(1), .infinity)
    for p in [-0.1, 1.1, -Double.leastNonzeroMagnitude, .nan, .infinity, -.infinity] {
      XCTAssertTrue(NormalDistribution.quantile(p).isNaN, "\(p)")
    }
    for (z, values) in [
      (-Double.infinity, [0, -Double.infinity, 0, -.infinity]), (.infinity, [0, -.infinity, 1, 0]),
      (1e200, [0, -.infinity, 1, 0]), (-1e200, [0, -.infinity, 0, -.infinity]),
    ] as [(Double, [Double])] {
      XCTAssertEqual(NormalDistribution.density(z), values[0], "\(z)")
      XCTAssertEqual(NormalDistribution.logDensity(z), values[1], "\(z)")
      XCTAssertEqual(NormalDistribution.cumulative(z), values[2], "\(z)")
      XCTAssertEqual(NormalDistribution.logCumulative(z), values[3], "\(z)")
    }
    for (name, entry) in functions { XCTAssertTrue(entry.function(.nan).isNaN, name) }
  }
}
