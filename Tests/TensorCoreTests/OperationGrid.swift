import Foundation
import TensorCore
import TestSupport
import XCTest

/// A grid of cases that PyTorch computed: `Fixtures/NAME.json` lists them with their tensors, whose
/// numbers follow one another in the file of the same name (`Grid.packed` in `reference.py`).
enum OperationGrid {
  private struct Listing<Parameters: Decodable>: Decodable { let cases: [Case<Parameters>] }

  private struct Case<Parameters: Decodable>: Decodable {
    let name: String
    let op: String
    let inputs: Int
    let parameters: Parameters
    let tensors: [Entry]
  }

  /// `["in0", [2, 3]]`.
  private struct Entry: Decodable {
    let name: String
    let shape: [Int]

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      name = try list.decode(String.self)
      shape = try list.decode([Int].self)
    }
  }

  /// Compares value and gradients of each case; an input without a gradient in the fixture wants
  /// none, and a result without any has no graph.
  ///
  /// - Parameters:
  ///   - count: of the cases: a fixture that lost some would pass.
  ///   - apply: the operation of that name.
  static func check<Parameters: Decodable>(
    _ fixture: String, count: Int,
    _ apply: (_ op: String, Parameters, _ inputs: [Tensor]) throws -> Tensor
  ) throws {
    let path = "TensorCoreTests/Fixtures/\(fixture)"
    let cases = try Fixture.decode(Listing<Parameters>.self, "\(path).json").cases
    XCTAssertEqual(cases.count, count)
    var rest = try XCTUnwrap(Fixture.tensors("\(path).safetensors")["values"]).values[...]
    for entry in cases {
      var tensors: [String: FixtureTensor] = [:]
      for item in entry.tensors {
        let size = item.shape.reduce(1, *)
        tensors[item.name] = FixtureTensor(shape: item.shape, values: Array(rest.prefix(size)))
        rest = rest.dropFirst(size)
      }
      do {
        try check(entry, tensors, apply)
      } catch { XCTFail("\(entry.name): \(error)") }
    }
    XCTAssertTrue(rest.isEmpty, "\(rest.count) numbers are left over")
  }

  private static func check<Parameters: Decodable>(
    _ entry: Case<Parameters>, _ tensors: [String: FixtureTensor],
    _ apply: (String, Parameters, [Tensor]) throws -> Tensor
  ) throws {
    let inputs = try (0..<entry.inputs).map { index in
      let input = try XCTUnwrap(tensors["in\(index)"], "\(entry.name): no input \(index)")
      return tensors["grad\(index)"] == nil ? try input.tensor() : try input.leaf()
    }
    let out = try apply(entry.op, entry.parameters, inputs)
    let expected = try XCTUnwrap(tensors["out"], "\(entry.name): no result")
    if let text = differenceOfAny(out, expected, "\(entry.name) out") { return XCTFail(text) }
    guard tensors.keys.contains(where: { $0.hasPrefix("grad") }) else {
      return XCTAssertFalse(out.requiresGrad, entry.name)
    }
    let upstream = (0..<out.count).map { Float(cos(0.7 * Double($0) + 0.3)) }
    try out.backward(gradient: Tensor(upstream, shape: out.shape))
    for (index, input) in inputs.enumerated() {
      guard let gradient = tensors["grad\(index)"] else { continue }
      if let text = differenceOfAny(input.grad, gradient, "\(entry.name) grad\(index)") {
        XCTFail(text)
      }
    }
  }

  /// As `difference`, but what PyTorch has as NaN or infinite must be that here too.
  private static func differenceOfAny(
    _ got: Tensor?, _ expected: FixtureTensor, _ name: String
  ) -> String? {
    guard let got, got.shape.dimensions == expected.shape else {
      return difference(got, expected, name)
    }
    let agree = zip(got.array, expected.values).map { a, b in
      a == b || (a.isNaN && b.isNaN)
    }
    func finite(_ values: [Float]) -> [Float] {
      zip(values, agree).map { $0.isFinite || !$1 ? $0 : 0 }
    }
    return difference(finite(got.array), finite(expected.values), name)
  }
}
