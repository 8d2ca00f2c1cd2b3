import Archives
import XCTest

final class CompressedBytesTests: XCTestCase {
  private func back(_ stream: [UInt8], atMost limit: Int = 1 << 20) throws -> [UInt8] {
    try CompressedBytes.decompressed(stream, from: "FILE", atMost: limit)
  }

  func testBytesComeBackAsTheyWere() throws {
    var state: UInt64 = 1
    let random = (0..<200_000).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1
      return UInt8(truncatingIfNeeded: state >> 56)
    }
    for bytes in [[], [7], Array(repeating: 1, count: 100_000), random] {
      let stream = try CompressedBytes.compressed(bytes)
      XCTAssertEqual(try back(stream), bytes)
      XCTAssertEqual(try CompressedBytes.compressed(bytes), stream, "not the same stream again")
    }
    XCTAssertLessThan(
      try CompressedBytes.compressed(Array(repeating: 1, count: 100_000)).count, 300)
  }

  func testWhatIsNoWholeStreamIsRefusedWithASentence() throws {
    let stream = try CompressedBytes.compressed((0..<100_000).map { UInt8($0 * $0 % 251) })
    var damaged = stream
    damaged[stream.count / 2] ^= 0xff
    for (bytes, limit) in [
      (Array(stream.dropLast(stream.count / 2)), 1 << 20), (damaged, 1 << 20),
      ([1, 2, 3, 4, 5, 6, 7, 8], 1 << 20), (stream, 99_999),
    ] {
      XCTAssertThrowsError(try back(bytes, atMost: limit)) {
        XCTAssertTrue("\($0)".hasPrefix("FILE "), "\($0)")
        XCTAssertTrue("\($0)".hasSuffix("."), "\($0)")
      }
    }
    XCTAssertEqual(try back(stream, atMost: 100_000).count, 100_000)
  }
}
