import XCTest

@testable import Recordings

/// Against Python's `zlib.compress(b"abc")`.
final class ZlibStreamTests: XCTestCase {
  private let stream: [UInt8] = [120, 156, 75, 76, 74, 6, 0, 2, 77, 1, 39]
  private let text = Array("abc".utf8)

  func testOnlyAWholeStreamIsRead() throws {
    XCTAssertEqual(try ZlibStream.inflated(stream[...], atMost: 3), text)
    for length in 0..<stream.count {
      XCTAssertThrowsError(try ZlibStream.inflated(stream[..<length], atMost: 3), "\(length) bytes")
    }
  }

  func testNothingMayFollowAndTheSumCounts() {
    XCTAssertEqual(problem(stream + [0]), "1 bytes follow their end")
    XCTAssertEqual(problem(stream + stream), "11 bytes follow their end")
    for index in (stream.count - 4)..<stream.count {
      var wrong = stream
      wrong[index] ^= 1
      XCTAssertEqual(problem(wrong), "incorrect data check")
    }
  }

  func testNoMoreThanTheLimitIsUnpacked() {
    XCTAssertEqual(problem(stream, atMost: 2), "they hold more than 2 bytes")
  }

  private func problem(_ stream: [UInt8], atMost limit: Int = 100) -> String? {
    do throws(ZlibStream.Damage) {
      _ = try ZlibStream.inflated(stream[...], atMost: limit)
      return nil
    } catch {
      return error.problem
    }
  }
}
