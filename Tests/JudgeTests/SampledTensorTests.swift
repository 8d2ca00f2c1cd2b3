import JudgedNumbers
import WorkerPipe
import XCTest

@testable import Judge

/// Expected tensors of which only some numbers are known, and what a call changes besides.
final class SampledTensorTests: XCTestCase {
  private let whole = PipeTensor(
    name: "H", shape: [40, 128], values: (0..<5120).map { Float($0 % 97) })
  /// A prime, so that the sample keeps to no row and no column.
  private var sample: PipeTensor { SampledTensor.of(whole, size: 509) }

  func testASampleHasTheWholeShape() {
    XCTAssertEqual(sample.shape, [40, 128])
    XCTAssertEqual(sample.values.count, 509)
    XCTAssertEqual(SampledTensor.of(whole, size: 6000), whole)
    // in every column and in every row
    let places = (0..<509).map { SampledTensor.Spread(sample)[$0] }
    XCTAssertEqual(Set(places.map { $0 / 128 }).count, 40)
    XCTAssertGreaterThan(Set(places.map { $0 % 128 }).count, 120)
    XCTAssertEqual(sample.values, places.map { whole.values[$0] })
  }

  func testTheNumbersOfASampleAreCompared() throws {
    XCTAssertTrue(Comparison.agree(whole, sample))
    try Comparison.require(whole, equals: sample, called: "H")
    let place = SampledTensor.Spread(sample)[100]
    var values = whole.values
    values[place] += 1
    let wrong = PipeTensor(name: "H", shape: whole.shape, values: values)
    XCTAssertFalse(Comparison.agree(wrong, sample))
    XCTAssertThrowsError(
      try Comparison.require(wrong, equals: sample, called: "H", axes: [.sample, .unit])
    ) {
      let text = ($0 as? CheckFailure)?.message ?? ""
      // the place in the whole tensor
      XCTAssertTrue(
        text.hasPrefix("H at [sample \(place / 128), unit \(place % 128)]: "), text)
      XCTAssertTrue(text.hasSuffix("1 of 509 numbers differ"), text)
    }
    let short = PipeTensor(name: "H", shape: [128], values: Array(whole.values[..<128]))
    XCTAssertFalse(Comparison.agree(short, sample))
  }

  /// A tensor without numbers is no sample: by it everything would be right.
  func testNothingKnownIsNoLicence() {
    let none = PipeTensor(name: "H", shape: whole.shape, values: [])
    XCTAssertFalse(Comparison.agree(whole, none))
    XCTAssertThrowsError(try Comparison.require(whole, equals: none, called: "H"))
  }

  func testWhatACallChangesHasASentence() {
    XCTAssertNil(SideEffectText.sentence(SideEffects()))
    let one = SideEffectText.sentence(SideEffects(parameters: ["W_hh"])) ?? ""
    XCTAssertTrue(one.hasPrefix("the call changes the parameter W_hh:"), one)
    let two =
      SideEffectText.sentence(SideEffects(parameters: ["W_hh", "b_h"], inputs: ["input"])) ?? ""
    XCTAssertTrue(two.hasPrefix("the call changes the parameters W_hh and b_h:"), two)
    XCTAssertTrue(
      SideEffectText.sentence(SideEffects(inputs: ["input"]))?.contains("input X") ?? false)
    let results = SideEffectText.sentence(SideEffects(results: ["H"])) ?? ""
    XCTAssertTrue(results.hasPrefix("the next call changes H,"), results)
  }
}
