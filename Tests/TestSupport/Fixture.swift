import Foundation
import TensorCore

/// A tensor of a fixture: floats, or labels as floats, which are exact.
package struct FixtureTensor {
  package let shape: [Int]
  package let values: [Float]

  package init(shape: [Int], values: [Float]) {
    self.shape = shape
    self.values = values
  }

  /// The numbers as a tensor that wants a gradient.
  package func leaf() throws -> Tensor { try tensor().requiringGrad() }

  package func tensor() throws -> Tensor { try Tensor(values, shape: Shape(shape)) }

  /// The last axis' equal parts in another order: `order[k]` is the part that becomes part `k`.
  package func repacked(_ order: [Int]) -> FixtureTensor {
    let width = (shape.last ?? 1) / order.count
    var result: [Float] = []
    for row in stride(from: 0, to: values.count, by: width * order.count) {
      for part in order { result += values[(row + part * width)..<(row + (part + 1) * width)] }
    }
    return FixtureTensor(shape: shape, values: result)
  }
}

/// What is wrong with a fixture file.
package struct FixtureError: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}

/// Files below `Tests/`, read by means of their own: the code under test has no part in it.
package enum Fixture {
  /// The folder `Tests`, from where this file was compiled.
  package static let folder = Repository.folder.appendingPathComponent("Tests")

  package static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appendingPathComponent(path)))
  }

  package static func decode<Value: Decodable>(_ type: Value.Type, _ path: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(contentsOf: folder.appendingPathComponent(path)))
  }

  /// The tensors of a safetensors file by name.
  package static func tensors(_ path: String) throws -> [String: FixtureTensor] {
    try tensors(inBytes: try bytes(path))
  }

  package static func tensors(inBytes bytes: [UInt8]) throws -> [String: FixtureTensor] {
    guard bytes.count >= 8 else { throw FixtureError("only \(bytes.count) bytes") }
    let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let start = 8 + length
    let parsed = try JSONSerialization.jsonObject(with: Data(bytes[8..<start]))
    guard let header = parsed as? [String: [String: Any]] else {
      throw FixtureError("the header is no object of objects")
    }
    var result: [String: FixtureTensor] = [:]
    for (name, item) in header where name != "__metadata__" {
      guard let type = item["dtype"] as? String, let shape = item["shape"] as? [Int],
        let offsets = item["data_offsets"] as? [Int], offsets.count == 2
      else { throw FixtureError("\(name) has an incomplete description") }
      let values = stride(from: start + offsets[0], to: start + offsets[1], by: 4).map { at in
        let bits = bytes[at..<(at + 4)].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return type == "I32" ? Float(Int32(bitPattern: bits)) : Float(bitPattern: bits)
      }
      result[name] = FixtureTensor(shape: shape, values: values)
    }
    return result
  }
}
