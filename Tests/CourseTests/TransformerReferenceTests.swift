import HeartbeatTransformerChecks
import Judge
import WorkerPipe
import Workers
import XCTest

/// The reference of the unit on attention, which every submission is compared with, against PyTorch: the fixture of
/// `Tests/Reference/transformer.py`, computed in double precision from equations of its own.
final class TransformerReferenceTests: XCTestCase {
  private static let unit = HeartbeatTransformerUnit.name

  func testTheReferenceIsThatOfTheEquations() throws {
    let fixture = try ReferenceFixture("transformer", unit: Self.unit)
    for entry in fixture.cases { try fixture.require(entry) }
    XCTAssertEqual(
      Set(fixture.cases.map(\.subject)).union(["ECGformer"]),
      Set(HeartbeatTransformerUnit.facts.subjects.map(\.name)), "a subject without a case")
  }

  /// The example that the handout gives to compute by hand.
  func testTheExampleOfTheHandout() throws {
    let given: [(String, [Float])] = [
      ("Q", [1, 0, 0, 1, 1, 1]), ("K", [1, 0, 0, 2, 1, -1]), ("V", [1, 2, 3, 4, 5, 6]),
    ]
    let results = try ReferenceFixture.worker(of: Self.unit).ask(
      .forward(), about: .init("attention"),
      given.map { PipeTensor(name: $0.0, shape: [3, 2], values: $0.1) }, within: 30
    ).tensors
    let expected: [(String, [Float])] = [
      (
        "weights",
        [0.401112, 0.197776, 0.401112, 0.178370, 0.733681, 0.087949, 0.283995, 0.575975, 0.140029]
      ), ("outputs", [3, 4, 2.819157, 3.819157, 2.712068, 3.712068]),
    ]
    for (name, values) in expected {
      let result = try XCTUnwrap(results.first { $0.name == name })
      XCTAssertEqual(result.values.count, values.count)
      for (own, right) in zip(result.values, values) {
        XCTAssertEqual(own, right, accuracy: 1e-6, name)
      }
    }
  }
}
