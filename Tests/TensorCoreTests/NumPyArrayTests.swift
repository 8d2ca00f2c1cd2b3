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
    XCTAssertEqual(cases.count, 49)
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
}
