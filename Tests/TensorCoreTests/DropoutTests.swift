import Foundation
import TensorCore
import TestSupport
import XCTest

/// What is dropped follows from a key and a place, with the probability that is asked for.
final class DropoutTests: XCTestCase {
  private struct Listing: Decodable { let cases: [Case] }

  private struct Case: Decodable {
    let key: String
    let words: [UInt32]
  }

  /// Against the authors' known answers, by `Tests/Reference/philox.py`.
  func testBitsAreThoseOfPhilox() throws {
    let cases = try Fixture.decode(Listing.self, "TensorCoreTests/Fixtures/philox.json").cases
    XCTAssertEqual(cases.count, 3)
    for entry in cases {
      let key = try XCTUnwrap(UInt64(entry.key, radix: 16))
      for count in [0, 1, 63, 64, 65, 130] {
        XCTAssertEqual(
          CounterGenerator(key: key).words(count), Array(entry.words.prefix(count)), entry.key)
      }
    }
  }

  func testElementsAreDroppedByTheirPlace() throws {
    let generator = CounterGenerator(key: 0x2026_1127)
    for count in [1, 63, 64, 65, 1000, 20_011] {
      let words = generator.words((count + 63) / 64 * 64)
      let kept = (0..<count).map { i -> Float in
        let (counter, word) = (i / 64 * 16 + i % 16, i % 64 / 16)
        return Double(words[4 * counter + word]) < 0.3 * 4_294_967_296 ? 0 : 1 / (1 - 0.3)
      }
      let x = Tensor.ones([count]).requiringGrad()
      let y = try x.dropout(0.3, generator)
      XCTAssertEqual(y.array, kept)
      let upstream = Tensor.arange(count) + 1
      try (y * upstream).sum().backward()
      XCTAssertEqual(x.grad?.array, zip(kept, upstream.array).map { $0 * $1 })
    }
  }

  /// Of n elements the number that is dropped is further than t from n p with a probability of at most
  /// 2 exp(−2 t² / n) (Hoeffding 1963); so is, of pairs, the number of which both are.
  func testTheProbabilityIsTheOneThatIsAskedFor() throws {
    let (n, level) = (1 << 20, 1e-6)
    let bound = (Double(n) / 2 * (Foundation.log(2 / level))).squareRoot()
    for (seed, probability) in [(UInt64(1), Float(0.1)), (2, 0.5), (3, 0.9), (4, 1e-4)] {
      print("seed \(seed)")
      var generator = RandomGenerator(seed: seed)
      let x = Tensor.ones([n])
      let first = try x.dropout(probability, CounterGenerator(key: generator.nextKey())).array
      let second = try x.dropout(probability, CounterGenerator(key: generator.nextKey())).array
      let p = Double(probability)
      func check(_ count: Int, _ of: Double, _ what: String) {
        XCTAssertEqual(Double(count), Double(n) * of, accuracy: bound, "\(what), p = \(p)")
      }
      check(first.count { $0 == 0 }, p, "dropped")
      check(zip(first, second).count { $0 == 0 && $1 == 0 }, p * p, "with the next key too")
      for lag in [1, 16, 64] {
        let both = zip(first, first.dropFirst(lag)).count { $0 == 0 && $1 == 0 }
        check(both, p * p, "together with the one \(lag) further on")
      }
    }
  }

  /// Nothing is hidden: zero times what is no number is none, as in PyTorch.
  func testWhatIsNoNumberStays() throws {
    let x = Tensor([Float.nan, .infinity] + [Float](repeating: 1, count: 62))
    for key in 0..<8 {
      let y = try x.dropout(0.5, CounterGenerator(key: UInt64(key))).array
      XCTAssertTrue(y[0].isNaN)
      XCTAssertFalse(y[1].isFinite)
    }
  }
}
