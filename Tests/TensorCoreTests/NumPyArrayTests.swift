import Foundation
import TensorCore
import TestSupport
import XCTest

/// NumPy's files, against those that numpy.save wrote (`Tests/Reference/numpy_files.py`).
final class NumPyArrayTests: XCTestCase {
  private struct Listing: Decodable { let cases: [Case] }

  private struct Case: Decodable {
    let name, type, file: String
    /// Whether numpy.save writes float32 arrays in row-major order like this.
    let isOurs: Bool
    let shape: [Int]
    let values: [Float]

    var bytes: [UInt8] {
      get throws { [UInt8](try XCTUnwrap(Data(base64Encoded: file), name)) }
    }
  }

  private func cases() throws -> [Case] {
    try Fixture.decode(Listing.self, "TensorCoreTests/Fixtures/numpy_files.json").cases
  }

  func testDecoding() throws {
    let cases = try cases()
    XCTAssertEqual(cases.count, 50)
    for entry in cases {
      do {
        let tensor = try NumPyArray.decode(entry.bytes)
        XCTAssertEqual(tensor.shape.dimensions, entry.shape, entry.name)
        XCTAssertEqual(tensor.array, entry.values, entry.name)
      } catch { XCTFail("\(entry.name): \(error)") }
    }
  }

  func testEncoding() throws {
    for entry in try cases() where entry.isOurs {
      let tensor = try Tensor(entry.values, shape: Shape(entry.shape))
      XCTAssertEqual(NumPyArray.encode(tensor), try entry.bytes, entry.name)
    }
  }

  // MARK: - Damaged files

  /// A file with this header and so many bytes of elements.
  private func file(_ header: String, elements: Int = 0, version: UInt8 = 1) -> [UInt8] {
    let length = UInt8(header.utf8.count)
    return [0x93] + Array("NUMPY".utf8) + [version, 0, length, 0] + (version > 1 ? [0, 0] : [])
      + Array(header.utf8) + Array(repeating: 0, count: elements)
  }

  private func header(_ type: String = "<f4", _ shape: String = "(2,)") -> String {
    "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
  }

  private func check(_ expected: String, line: UInt = #line, _ bytes: [UInt8]) {
    XCTAssertEqual(
      errorText { try NumPyArray.decode(bytes) }, "NumPyArray: \(expected)", line: line)
  }

  func testDamagedFiles() {
    let start = "this is not a whole .npy file: "
    check("\(start)it does not start with NumPy's mark", [])
    check("\(start)it does not start with NumPy's mark", Array("PK and more bytes".utf8))
    check("\(start)its version is 4, not 1, 2 or 3", file(header(), elements: 8, version: 4))
    check("\(start)its version is 0, not 1, 2 or 3", file(header(), elements: 8, version: 0))
    check("\(start)it ends within its header", file(header()).dropLast(1))
    check("\(start)it ends within its header", Array(file(header(), version: 2).prefix(11)))
    check(
      "\(start)[2] of <f4 takes 8 bytes, but 7 follow the header", file(header(), elements: 7))
    check(
      "\(start)[2] of <f4 takes 8 bytes, but 9 follow the header", file(header(), elements: 9))
    check(
      "\(start)the shape [1000000, 1000000] is larger than the file",
      file(header("<f4", "(1000000, 1000000)")))
    let huge = Int.max
    check(
      "\(start)the shape [\(huge), 0] is larger than the file",
      file(header("<f4", "(\(huge), 0)")))
    for bad in [
      "no header", "{'descr': '<f4', 'shape': (2,)}", header("<f4", "(-1,)"),
      header("<f4", "(2.5,)"), header("<f4", "2"),
    ] {
      check("\(start)its header is not as it should be: \(bad.prefix(80))", file(bad, elements: 8))
    }
    for type in [">f4", "<c8", "<c16", "|O", "<U3"] {
      check(
        "elements of the type \(type) cannot be read. Convert the array with .astype('float32') "
          + "before saving", file(header(type), elements: 8))
    }
  }

  /// Any prefix of a file is refused, and none ends the program.
  func testEveryPrefix() throws {
    for entry in try cases().prefix(3) {
      let bytes = try entry.bytes
      for length in 0..<bytes.count {
        XCTAssertThrowsError(try NumPyArray.decode(Array(bytes[..<length])), "\(length) bytes")
      }
    }
  }
}
