import TensorCore
import TestSupport
import XCTest

/// Tensors are printed as NumPy prints arrays, character by character, on the cases of
/// `Fixtures/printing.json` (made by `Tests/Reference/printing.py`).
final class PrintingTests: XCTestCase {
  private struct Listing: Decodable { let cases: [Case] }

  private struct Case: Decodable {
    let name: String
    let shape: [Int]
    let bits: [UInt32]
    let text: String
  }

  func testEveryCase() throws {
    let cases = try Fixture.decode(Listing.self, "TensorCoreTests/Fixtures/printing.json").cases
    XCTAssertEqual(cases.count, 200)
    for entry in cases {
      let tensor = try Tensor(entry.bits.map(Float.init(bitPattern:)), shape: Shape(entry.shape))
      let lines = tensor.description.split(separator: "\n", omittingEmptySubsequences: false)
      XCTAssertEqual(lines.dropFirst().joined(separator: "\n"), entry.text, entry.name)
    }
  }

  func testHeading() throws {
    let x = try Tensor([[1, 2], [3, 4.5]])
    XCTAssertEqual(x.description, "Tensor [2, 2]\n[[1.  2. ]\n [3.  4.5]]")
    XCTAssertEqual("\(Tensor([1]).named("b"))", "Tensor b [1]\n[1.]")
    let weight = Tensor([1]).named("W").requiringGrad()
    XCTAssertEqual("\(weight)", "Tensor W [1], requires grad\n[1.]")
    XCTAssertEqual("\(weight * 2)", "Tensor [1], requires grad\n[2.]")
  }
}
