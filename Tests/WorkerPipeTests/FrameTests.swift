import Foundation
import Training
import WorkerPipe
import XCTest

/// Frames from a worker may be anything: none may trap the judge or make it allocate.
final class FrameTests: XCTestCase {
  private func decode(
    _ bytes: [UInt8], data: Int = 1000, asks: (Int) -> Void = { _ in }
  ) throws -> (content: Response, tensors: [PipeTensor])? {
    var position = 0
    return try Frame.decode(Response.self, caps: .init(header: 1000, data: data)) { count in
      asks(count)
      guard position + count <= bytes.count else { return nil }
      defer { position += count }
      return Array(bytes[position..<(position + count)])
    }
  }

  private func frame(header: String, data: [UInt8]) -> [UInt8] {
    let json = Array(header.utf8)
    return withUnsafeBytes(of: UInt32(json.count).littleEndian, Array.init)
      + withUnsafeBytes(of: UInt64(data.count).littleEndian, Array.init) + json + data
  }

  func testAFrameComesBackAsItWas() throws {
    let tensors = [
      PipeTensor(name: "H", shape: [2, 1], values: [1, -2.5]),
      PipeTensor(name: "nothing", shape: [0, 3], values: []),
      // of which a float holds none but the first
      PipeTensor(name: "starts", shape: [3], integers: [1 << 24, 1 << 24 + 1, 83_141_521]),
    ]
    let result = try XCTUnwrap(try decode(Frame.encode(Response.answer(), tensors: tensors)))
    guard case .answer(sideEffects: nil) = result.content else { return XCTFail("another answer") }
    XCTAssertEqual(result.tensors, tensors)
    XCTAssertNil(result.tensors[0].integers)
  }

  /// A set of recordings is written and read piece by piece: no second copy of it is ever there.
  func testALargeTensorGoesInPieces() throws {
    let count = 700_001
    let tensors = [
      PipeTensor(name: "signals", shape: [count], values: (0..<count).map(Float.init)),
      PipeTensor(name: "rows", shape: [count], integers: (0..<Int32(count)).reversed()),
    ]
    let bytes = try Frame.encode(Response.answer(), tensors: tensors)
    var largest = 0
    try Frame.write(Response.answer(), tensors: tensors) { largest = max(largest, $0.count) }
    XCTAssertLessThanOrEqual(largest, 1 << 20)
    largest = 0
    let result = try decode(bytes, data: bytes.count) { largest = max(largest, $0) }
    XCTAssertEqual(try XCTUnwrap(result).tensors, tensors)
    XCTAssertLessThanOrEqual(largest, 1 << 20)
    // closed in the middle of the second
    XCTAssertThrowsError(try decode(Array(bytes.dropLast(5)), data: bytes.count)) { error in
      XCTAssertEqual("\(error)", "the pipe was closed in the middle of a frame")
    }
  }

  /// What several attacks forge must be an answer, or they would try something easier.
  func testTheFormOfAnAnswerIsTheOneThatAttacksForge() throws {
    let json = try JSONEncoder().encode(Response.answer())
    XCTAssertEqual(String(decoding: json, as: UTF8.self), #"{"answer":{}}"#)
  }

  /// The loss of a training that diverges.
  func testNumbersThatJSONDoesNotHaveComeBack() throws {
    let response = Response.epoch(
      TrainingReport(
        epoch: 1, batch: 2, batchCount: 3, trainLoss: .nan, trainAccuracy: 0.5,
        examplesPerSecond: .infinity))
    let result = try XCTUnwrap(try decode(Frame.encode(response, tensors: [])))
    guard case .epoch(let report) = result.content else { return XCTFail("another answer") }
    XCTAssertTrue(report.trainLoss.isNaN)
    XCTAssertEqual(report.examplesPerSecond, .infinity)
    XCTAssertEqual(report.trainAccuracy, 0.5)
  }

  func testAClosedPipeIsNoFrame() throws { XCTAssertNil(try decode([])) }

  func testHostileFramesAreRefused() {
    let start = #"{"content":{"answer":{}},"tensors":[{"name":"a","shape":"#
    let impossible = "tensor a has an impossible shape"
    let frames: [(String, [UInt8], reason: String)] = [
      (
        "header beyond the cap", [255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0],
        "a frame of 4294967295 + 0 bytes is too large"
      ),
      (
        "data beyond the cap", [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1] + Array("{}".utf8),
        "a frame of 2 + 72057594037927936 bytes is too large"
      ),
      (
        "cut off", Array(frame(header: start + "[1]}]}", data: [1, 2, 3, 4]).dropLast(2)),
        "the pipe was closed in the middle of a frame"
      ),
      (
        "cut off in the header", Array(frame(header: "{}", data: []).dropLast(1)),
        "the pipe was closed in the middle of a frame"
      ),
      ("no JSON", frame(header: "hello", data: []), "the header of a frame is not as it should be"),
      (
        "another content", frame(header: #"{"content":{"pass":{}},"tensors":[]}"#, data: []),
        "the header of a frame is not as it should be"
      ),
      ("negative size", frame(header: start + "[-1]}]}", data: []), impossible),
      ("two negative sizes", frame(header: start + "[-1,-1]}]}", data: [0, 0, 0, 0]), impossible),
      (
        "overflowing shape", frame(header: start + "[4611686018427387904,4]}]}", data: []),
        impossible
      ),
      (
        "more than there is", frame(header: start + "[3]}]}", data: [0, 0, 0, 0]),
        "tensor a is larger than the frame's data"
      ),
      (
        "less than there is",
        frame(header: start + "[1]}]}", data: [UInt8](repeating: 0, count: 8)),
        "a frame has more data than its tensors"
      ),
      (
        "half a number", frame(header: start + "[1]}]}", data: [0, 0, 0, 0, 0]),
        "a frame has more data than its tensors"
      ),
    ]
    for (name, bytes, reason) in frames {
      XCTAssertThrowsError(try decode(bytes), name) {
        XCTAssertEqual(($0 as? Frame.Malformed)?.description, reason, name)
      }
    }
  }
}
