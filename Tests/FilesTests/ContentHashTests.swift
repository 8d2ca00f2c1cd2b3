import XCTest

@testable import Files

final class ContentHashTests: XCTestCase {
  /// The examples of FIPS 180-4's companion, https://csrc.nist.gov (SHA256.pdf), and the lengths
  /// around a block, from Python's hashlib.
  func testStandardExamples() {
    func plain(_ bytes: [UInt8]) -> String {
      var hash = ContentHash()
      hash.append(bytes)
      return hash.hex
    }
    let examples: [([UInt8], String)] = [
      ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      (Array("abc".utf8), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8),
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        [UInt8](repeating: 0x61, count: 1_000_000),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
      ),
      (
        [UInt8](repeating: 0x61, count: 55),
        "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"
      ),
      (
        [UInt8](repeating: 0x61, count: 56),
        "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"
      ),
      (
        [UInt8](repeating: 0x61, count: 63),
        "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"
      ),
      (
        [UInt8](repeating: 0x61, count: 64),
        "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"
      ),
    ]
    for (bytes, expected) in examples { XCTAssertEqual(plain(bytes), expected) }
  }

  func testPartsCannotBeMovedIntoEachOther() {
    XCTAssertNotEqual(ContentHash.of(["ab", "c"]), ContentHash.of(["a", "bc"]))
    XCTAssertNotEqual(ContentHash.of(["ab", ""]), ContentHash.of(["ab"]))
  }

  func testManyPiecesAreOneText() {
    var pieces = ContentHash()
    for byte in 0..<200 { pieces.append([UInt8(byte)]) }
    var whole = ContentHash()
    whole.append((0..<200).map(UInt8.init))
    XCTAssertEqual(pieces.hex, whole.hex)
  }
}
