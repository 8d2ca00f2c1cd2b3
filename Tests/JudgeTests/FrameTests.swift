import WorkerPipe
import XCTest

/// Frames from a worker may be anything: none may trap the judge or make it allocate.
final class FrameTests: XCTestCase {
  private func decode(_ bytes: [UInt8]) throws -> (content: Response, tensors: [PipeTensor])? {
    var position = 0
    return try Frame.decode(Response.self, caps: .init(header: 1000, data: 1000)) { count in
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
    ]
    let result = try XCTUnwrap(try decode(Frame.encode(Response(.answer), tensors: tensors)))
    XCTAssertEqual(result.content.kind, .answer)
    XCTAssertEqual(result.tensors, tensors)
  }

  func testAClosedPipeIsNoFrame() throws { XCTAssertNil(try decode([])) }

  func testHostileFramesAreRefused() {
    let start = #"{"content":{"kind":"answer"},"tensors":[{"name":"a","shape":"#
    let frames: [(String, [UInt8])] = [
      ("lengths beyond the caps", [UInt8](repeating: 255, count: 12)),
      ("cut off", Array(frame(header: "{}", data: [1, 2, 3, 4]).dropLast(2))),
      ("no JSON", frame(header: "hello", data: [])),
      ("another content", frame(header: #"{"content":{"kind":"pass"},"tensors":[]}"#, data: [])),
      ("negative size", frame(header: start + "[-1]}]}", data: [])),
      ("overflowing shape", frame(header: start + "[4611686018427387904,4]}]}", data: [])),
      ("more than there is", frame(header: start + "[3]}]}", data: [0, 0, 0, 0])),
      (
        "less than there is", frame(header: start + "[1]}]}", data: [UInt8](repeating: 0, count: 8))
      ),
      ("half a number", frame(header: start + "[1]}]}", data: [0, 0, 0, 0, 0])),
    ]
    for (name, bytes) in frames {
      XCTAssertThrowsError(try decode(bytes), name) {
        XCTAssertTrue($0 is Frame.Malformed, "\(name): \($0)")
      }
    }
  }
}
