/// Reading and writing of NumPy's `.npy` format: a magic string, a header in Python's notation
/// (type, order, shape), then the elements.
/// Source: NumPy's `numpy.lib.format`, versions 1 to 3.
public enum NumPyArray {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// The bytes of a file with a tensor, as `numpy.save` writes a float32 array.
  public static func encode(_ tensor: Tensor) -> [UInt8] {
    let sizes = tensor.shape.dimensions.map(String.init)
    let shape = sizes.count == 1 ? "(\(sizes[0]),)" : "(\(sizes.joined(separator: ", ")))"
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }"
    // room for a longer first size, to which rows may be appended in place
    if let first = sizes.first { header += String(repeating: " ", count: 21 - first.utf8.count) }
    // 1 to 64 spaces before the last line feed align the elements to 64 bytes
    header += String(repeating: " ", count: 64 - (magic.count + 5 + header.utf8.count) % 64) + "\n"
    var bytes = magic + [1, 0]
    withUnsafeBytes(of: UInt16(header.utf8.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes += Array(header.utf8)
    bytes.append(
      contentsOf: UnsafeRawBufferPointer(
        start: tensor.storage.pointer, count: 4 * tensor.count))
    return bytes
  }

  /// The tensor of a file. Elements of other types become 32-bit floats.
  ///
  /// - Throws: when the bytes are not a whole `.npy` file, or hold a type other than little-endian
  ///   floats, integers and booleans.
  public static func decode(_ bytes: [UInt8]) throws(TensorError) -> Tensor {
    func refuse(_ reason: String) -> TensorError {
      TensorError("NumPyArray", "this is not a whole .npy file: \(reason)")
    }
    guard bytes.count >= 10, Array(bytes[..<6]) == magic else {
      throw refuse("it does not start with NumPy's mark")
    }
    let wide = bytes[6] >= 2
    guard (1...3).contains(bytes[6]) else {
      throw refuse("its version is \(bytes[6]), not 1, 2 or 3")
    }
    guard bytes.count >= (wide ? 12 : 10) else { throw refuse("it ends within its header") }
    let lengthBytes = bytes[8..<(wide ? 12 : 10)]
    let start = lengthBytes.endIndex + lengthBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard start <= bytes.count else { throw refuse("it ends within its header") }
    let header = String(decoding: bytes[lengthBytes.endIndex..<start], as: UTF8.self)
    guard let type = field("descr", of: header)?.filter({ !"'\" ".contains($0) }),
      let order = field("fortran_order", of: header), let sizes = tuple("shape", of: header)
    else { throw refuse("its header is not as it should be: \(header.prefix(80))") }
    guard let element = elementType(type) else {
      throw TensorError(
        "NumPyArray", "elements of the type \(type) cannot be read",
        remedy: "Convert the array with .astype('float32') before saving")
    }
    let isColumnMajor = order.contains("True")
    let shape = Shape(isColumnMajor ? sizes.reversed() : sizes)
    guard let count = shape.checkedCount, count <= bytes.count else {
      throw refuse("the shape \(Shape(sizes)) is larger than the file")
    }
    guard bytes.count - start == count * element.size else {
      throw refuse(
        "\(Shape(sizes)) of \(type) takes \(count * element.size) bytes, but "
          + "\(bytes.count - start) follow the header")
    }
    let tensor = bytes.withUnsafeBytes { element.tensor($0, at: start, shape: shape) }
    return isColumnMajor ? try tensor.permuted(Array((0..<sizes.count).reversed())) : tensor
  }

  private static func elementType(_ name: String) -> StoredElement? {
    switch name {
    case "<f2": .float16
    case "<f4": .float32
    case "<f8": .float64
    case "|i1": .int8
    case "<i2": .int16
    case "<i4": .int32
    case "<i8": .int64
    case "|u1", "|b1": .uint8
    case "<u2": .uint16
    case "<u4": .uint32
    case "<u8": .uint64
    default: nil
    }
  }

  /// What follows a key of the header, up to the next comma.
  private static func field(_ key: String, of header: String) -> String? {
    after(key, header)?.prefix { $0 != "," && $0 != "}" }.description
  }

  /// The numbers between the parentheses that follow a key.
  private static func tuple(_ key: String, of header: String) -> [Int]? {
    guard let rest = after(key, header), let open = rest.firstIndex(of: "("),
      let close = rest.firstIndex(of: ")"), open < close
    else { return nil }
    let words = rest[rest.index(after: open)..<close].split(separator: ",")
      .map { $0.filter { $0 != " " && $0 != "L" } }.filter { !$0.isEmpty }
    let sizes = words.compactMap { Int($0) }
    return sizes.count == words.count && sizes.allSatisfy { $0 >= 0 } ? sizes : nil
  }

  private static func after(_ key: String, _ header: String) -> Substring? {
    for quote in ["'", "\""] {
      let mark = Array("\(quote)\(key)\(quote)")
      var rest = Substring(header)
      while !rest.isEmpty {
        if rest.starts(with: mark) {
          let value = rest.dropFirst(mark.count).drop { $0 == " " }
          return value.first == ":" ? value.dropFirst() : nil
        }
        rest = rest.dropFirst()
      }
    }
    return nil
  }
}
