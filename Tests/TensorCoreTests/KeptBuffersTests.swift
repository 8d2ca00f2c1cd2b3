import Foundation
import TensorCore
import XCTest

/// Buffers are kept for reuse, and at most a quarter more of them than were needed at once.
final class KeptBuffersTests: XCTestCase {
  override func setUpWithError() throws {
    try XCTSkipIf(
      dlsym(UnsafeMutableRawPointer(bitPattern: 0), "__asan_init") != nil,
      "under the address sanitizer no buffer is kept")
  }

  private func make(_ megabytes: [Int]) { withExtendedLifetime(megabytes.map(tensor)) {} }

  private func tensor(_ megabytes: Int) -> Tensor { .zeros([megabytes << 18]) }

  private func requireBounds() {
    let kept = TensorMemory.keptBytes
    XCTAssertLessThanOrEqual(kept.now, kept.most)
  }

  func testWhatWasNeededAtOnceIsKept() {
    make([80, 96, 112, 128])
    requireBounds()
    XCTAssertGreaterThanOrEqual(TensorMemory.keptBytes.most, 416 << 20)
    // what one of these gives back, another finds: nothing new is asked for
    let before = TensorMemory.keptBytes.now
    XCTAssertGreaterThanOrEqual(before, 416 << 20)
    make([80, 96, 112, 128])
    XCTAssertEqual(TensorMemory.keptBytes.now, before)
  }

  /// A buffer serves for one size: what a step needs one after the other in two sizes is kept in both, though it was
  /// never in use at once.
  func testAnotherSizeIsKeptBeside() {
    // more than any test needed before
    let count = TensorMemory.keptBytes.most / (64 << 20) + 2
    make(Array(repeating: 64, count: count))
    make(Array(repeating: 40, count: count / 6))
    requireBounds()
    let before = TensorMemory.keptBytes.now
    let again = (0..<count).map { _ in tensor(64) }
    XCTAssertEqual(TensorMemory.keptBytes.now, before - count * (64 << 20), "all of them are there")
    withExtendedLifetime(again) {}
  }

  /// Sizes that nobody asks for any more make room.
  func testWhatWasNotAskedForLongestGoes() {
    make([80, 96, 112, 128])
    let most = TensorMemory.keptBytes.most
    for size in stride(from: 20, through: 28, by: 2) {
      make(Array(repeating: size, count: most / (size << 20) / 2))
      requireBounds()
    }
    let before = TensorMemory.keptBytes.now
    let count = most / (28 << 20) / 2
    let newest = (0..<count).map { _ in tensor(28) }
    XCTAssertEqual(TensorMemory.keptBytes.now, before - count * (28 << 20), "all of them are there")
    withExtendedLifetime(newest) {}
  }
}
