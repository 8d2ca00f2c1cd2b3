import TensorCore

/// Files that were written, then cut, lengthened or changed in some bytes, and headers of absurd sizes.
let files: [Subject] = [
  .throwing("SafeTensors") { draw in
    let tensors = draw.tensors().filter { $0.count < 1000 }
    let bytes = draw.damaged(
      SafeTensors.encode(tensors.enumerated().map { ("t\($0)", $1) }))
    draw.call("\(tensors.shapes), damaged to \(bytes.count) bytes")
    return try SafeTensors.decode(bytes).map(\.tensor)
  },
  .throwing("SafeTensors header") { draw in
    let sizes = (draw.integers() + [0, 0]).map(String.init)
    let header = Array(
      ("{\"t\":{\"dtype\":\"F32\",\"shape\":[\(sizes.joined(separator: ","))],\"data_offsets\":"
        + "[\(sizes[0]),\(sizes[1])]}}").utf8)
    let length = draw.below(3) == 0 ? draw.integer() : header.count
    let bytes = withUnsafeBytes(of: length.littleEndian) { Array($0) } + header
    draw.call("a header of \(length) bytes, \(sizes)")
    return try SafeTensors.decode(bytes).map(\.tensor)
  },
  .throwing("NumPyArray") { draw in
    let x = draw.tensor()
    guard x.count < 1000 else { return [] }
    let bytes = draw.damaged(NumPyArray.encode(x))
    draw.call("\(x.shape), damaged to \(bytes.count) bytes")
    return [try NumPyArray.decode(bytes)]
  },
  .throwing("NumPyArray header") { draw in
    let sizes = draw.integers().map(String.init).joined(separator: ", ")
    let type = draw.one(of: ["<f4", "<f2", "<f8", "|b1", "<i8", ">f4", "O", ""])
    let order = draw.one(of: ["True", "False", "", "None"])
    let header = Array(
      "{'descr': '\(type)', 'fortran_order': \(order), 'shape': (\(sizes),), }\n".utf8)
    let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0] + header
    draw.call("\(type), \(order), \(sizes)")
    return [try NumPyArray.decode(bytes)]
  },
]

extension Draw {
  fileprivate mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    switch below(4) {
    case 0: bytes = Array(bytes.prefix(below(bytes.count + 1)))
    case 1: bytes += (0..<below(9)).map { _ in UInt8(below(256)) }
    default: break
    }
    for _ in 0..<below(6) where !bytes.isEmpty { bytes[below(bytes.count)] = UInt8(below(256)) }
    return bytes
  }
}
