import WorkerPipe
import XCTest

/// Names in a frame's header are text from a worker: whatever JSON can hold comes back as it was,
/// and what no text can hold is refused.
final class HostileNameTests: XCTestCase {
  private func decode(_ bytes: [UInt8]) throws -> [PipeTensor]? {
    var position = 0
    return try Frame.decode(Response.self, caps: .init(header: 1000, data: 1000)) { count in
      guard position + count <= bytes.count else { return nil }
      defer { position += count }
      return Array(bytes[position..<(position + count)])
    }?.tensors
  }

  /// A frame of one empty tensor, whose name is the JSON given.
  private func frame(name: [UInt8]) -> [UInt8] {
    let header =
      Array(#"{"content":{"answer":{}},"tensors":[{"name":""#.utf8) + name
      + Array(#"","shape":[0]}]}"#.utf8)
    return withUnsafeBytes(of: UInt32(header.count).littleEndian, Array.init)
      + [UInt8](repeating: 0, count: 8) + header
  }

  func testHalfOfASurrogatePairIsRefused() {
    let names = [
      #"\ud800"#, #"\udc00"#, #"a\ud83d"#, #"\ud83dx"#, #"\udc00\ud800"#, #"\ud800\ud800"#,
    ]
    for name in names {
      XCTAssertThrowsError(try decode(frame(name: Array(name.utf8))), name) { error in
        XCTAssertEqual(
          (error as? Frame.Malformed)?.description, "the header of a frame is not as it should be",
          name)
      }
    }
  }

  func testAWholeSurrogatePairIsItsCharacter() throws {
    let tensors = try XCTUnwrap(try decode(frame(name: Array(#"\ud83d\ude00"#.utf8))))
    XCTAssertEqual(tensors.map(\.name), ["\u{1F600}"])
  }

  /// A surrogate in UTF-8, a form longer than need be, a character cut off.
  func testBytesThatAreNotUTF8AreRefused() {
    let names: [[UInt8]] = [[0xED, 0xA0, 0x80], [0xC0, 0xAF], [0xE2, 0x82], [0xFF]]
    for name in names {
      XCTAssertThrowsError(try decode(frame(name: name)), "\(name)") { error in
        XCTAssertTrue(error is Frame.Malformed, "\(error)")
      }
    }
  }

  /// By scalars, since strings are equal in Swift that are written with others.
  func testHostileNamesComeBackAsTheyWere() throws {
    let names = [
      "\u{0}", "\"\u{301}", "\\\u{20DD}", "\u{202E}a", "\u{2028}\u{2029}", "\r\n", "\u{1B}[2J",
      "\u{FEFF}a", "e\u{301}", "\u{E9}", "\u{10FFFF}", "=1+1",
    ]
    for name in names {
      let tensor = PipeTensor(name: name, shape: [0], values: [])
      let tensors = try XCTUnwrap(try decode(Frame.encode(Response.answer(), tensors: [tensor])))
      XCTAssertEqual(
        tensors.map { Array($0.name.unicodeScalars) }, [Array(name.unicodeScalars)],
        "\(Array(name.utf8))")
    }
  }

  /// A message is read by people: a name in it has an end.
  func testALongNameIsCutInAMessage() throws {
    for name in [
      String(repeating: "n", count: 900), "e" + String(repeating: "\u{301}", count: 400),
    ] {
      for shape in ["[-1]", "[7]"] {
        let header =
          #"{"content":{"answer":{}},"tensors":[{"name":"\#(name)","shape":\#(shape)}]}"#
        let bytes =
          withUnsafeBytes(of: UInt32(header.utf8.count).littleEndian, Array.init)
          + [UInt8](repeating: 0, count: 8) + Array(header.utf8)
        XCTAssertThrowsError(try decode(bytes)) { error in
          let message = (error as? Frame.Malformed)?.description ?? "\(error)"
          let cut = String(String.UnicodeScalarView(name.unicodeScalars.prefix(60))) + "…"
          XCTAssertEqual(
            message,
            "tensor \(cut) "
              + (shape == "[-1]" ? "has an impossible shape" : "is larger than the frame's data"))
        }
      }
    }
  }
}
