import TensorCore
import XCTest

final class MersenneTwisterTests: XCTestCase {
  /// The C++ standard, [rand.predef]: the 10000th number of mt19937 with its default seed 5489.
  func testTheStandardsTenThousandthNumber() {
    var generator = MersenneTwister(seed: 5489)
    for _ in 0..<9999 { _ = generator.next32() }
    XCTAssertEqual(generator.next32(), 4_123_659_995)
  }

  /// NumPy 2.4.6, `RandomState(12345)._bit_generator.random_raw`.
  func testRawNumbersAcrossTheFirstRefill() {
    var generator = MersenneTwister(seed: 12345)
    let raw = (0..<700).map { _ in generator.next32() }
    XCTAssertEqual(Array(raw[0..<4]), [3_992_670_690, 3_823_185_381, 1_358_822_685, 561_383_553])
    XCTAssertEqual(Array(raw[623..<626]), [2_940_097_750, 3_957_348_375, 3_514_278_914])
    XCTAssertEqual(raw[699], 2_783_036_080)
  }

  /// PyTorch: `torch.manual_seed(0); torch.randperm(10)`, and the split of the course's notebook.
  func testPermutationIsTorchsRandperm() {
    var generator = MersenneTwister(seed: 0)
    XCTAssertEqual(generator.permutation(10), [4, 1, 7, 5, 3, 9, 0, 8, 6, 2])
    generator = MersenneTwister(seed: 12345)
    let order = generator.permutation(5622)
    XCTAssertEqual(Array(order.prefix(8)), [4998, 401, 2227, 504, 780, 3325, 1444, 5145])
    XCTAssertEqual(Array(order.suffix(4)), [422, 4959, 2579, 4183])
    XCTAssertEqual(order.sorted(), Array(0..<5622))
    XCTAssertEqual(generator.permutation(0), [])
    XCTAssertEqual(generator.permutation(1), [0])
  }

  /// PyTorch: `torch.manual_seed(0); torch.rand(5)`, as its documentation prints it.
  func testUniformIsTorchsRand() {
    var generator = MersenneTwister(seed: 0)
    for expected in [0.4963, 0.7682, 0.0885, 0.1320, 0.3074] as [Float] {
      XCTAssertEqual(generator.uniform(), expected, accuracy: 0.00005)
    }
  }

  func testSixtyFourBitsTakeTheFirstDrawOnTop() {
    var generator = MersenneTwister(seed: 12345)
    XCTAssertEqual(generator.next64(), 3_992_670_690 << 32 | 3_823_185_381)
  }

  func testOnlyTheLow32BitsOfTheSeedCount() {
    var low = MersenneTwister(seed: 7)
    var high = MersenneTwister(seed: 7 | 1 << 40)
    XCTAssertEqual(low.next64(), high.next64())
  }

  func testStateGoesOnWhereItWasTaken() throws {
    var generator = MersenneTwister(seed: 3)
    for _ in 0..<1000 { _ = generator.next32() }
    var restored = try XCTUnwrap(MersenneTwister(state: generator.state))
    for _ in 0..<1000 { XCTAssertEqual(restored.next32(), generator.next32()) }
    XCTAssertNil(MersenneTwister(state: []))
    XCTAssertNil(MersenneTwister(state: Array(repeating: 1, count: 624) + [625]))
  }
}
