/// Reading and writing of the safetensors format: eight bytes with the length of a JSON header,
/// the header (for each tensor its type, shape and place), then the elements, little-endian.
/// Source: the format's description at huggingface.co/docs/safetensors. Written as `F32`; other types
/// are read as 32-bit floats.
public enum SafeTensors {
  /// A tensor and its name.
  public typealias Entry = (name: String, tensor: Tensor)

  /// The bytes of a file with the given tensors, in the given order. Same tensors, same bytes.
  public static func encode(_ entries: [Entry]) -> [UInt8] {
    var header = "{"
    var offset = 0
    for (index, entry) in entries.enumerated() {
      let end = offset + 4 * entry.tensor.count
      let shape = entry.tensor.shape.dimensions.map(String.init).joined(separator: ",")
      header += index == 0 ? "" : ","
      header += "\(HeaderParser.quoted(entry.name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],"
      header += "\"data_offsets\":[\(offset),\(end)]}"
      offset = end
    }
    header += "}"
    var headerBytes = Array(header.utf8)
    // spaces at the end align the data, as the reference implementation writes it
    while headerBytes.count % 8 != 0 { headerBytes.append(0x20) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + headerBytes.count + offset)
    withUnsafeBytes(of: UInt64(headerBytes.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes += headerBytes
    for entry in entries {
      let count = entry.tensor.count
      bytes.append(
        contentsOf: UnsafeRawBufferPointer(start: entry.tensor.storage.pointer, count: 4 * count))
    }
    return bytes
  }

  /// The tensors of a file, in the order of their data.
  ///
  /// - Throws: when the bytes are not a safetensors file, are cut short, or hold numbers of eight bits
  ///   or complex ones. Sizes are checked before anything is allocated.
  public static func decode(_ bytes: [UInt8]) throws(TensorError) -> [Entry] {
    func refuse(_ reason: String) -> TensorError {
      TensorError("SafeTensors", "this is not a whole safetensors file: \(reason)")
    }
    guard bytes.count >= 8 else { throw refuse("it has only \(bytes.count) bytes") }
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(bytes.count - 8) else {
      throw refuse("its header should have \(length) bytes, more than the file")
    }
    let dataStart = 8 + Int(length)
    var parser = HeaderParser(bytes[8..<dataStart])
    guard let descriptions = parser.parse() else {
      throw refuse("its header is not as it should be")
    }
    var entries: [Entry] = []
    var names: Set<String> = []
    // each tensor starts where the one before ends: otherwise a small file could describe the same
    // data a million times, and a reader would run out of memory
    var expectedStart = 0
    for item in descriptions.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
      guard names.insert(item.name).inserted else {
        throw refuse("tensor \(item.name) is described twice")
      }
      guard let element = elementType(item.type) else {
        throw TensorError(
          "SafeTensors", "tensor \(item.name) has the type \(item.type), which cannot be read",
          remedy: "Convert it with .float() before saving")
      }
      guard let count = Shape(item.shape).checkedCount, count <= bytes.count else {
        throw refuse("tensor \(item.name) is larger than the file")
      }
      guard
        item.start == expectedStart, item.end <= bytes.count - dataStart,
        item.end - item.start == element.size * count
      else { throw refuse("the data of tensor \(item.name) is not where the header says") }
      expectedStart = item.end
      let tensor = bytes.withUnsafeBytes {
        element.tensor($0, at: dataStart + item.start, shape: Shape(item.shape))
      }
      entries.append((item.name, tensor.named(item.name)))
    }
    guard expectedStart == bytes.count - dataStart else {
      throw refuse("it ends with data that no tensor owns")
    }
    return entries
  }

  private static func elementType(_ name: String) -> StoredElement? {
    switch name {
    case "F16": .float16
    case "BF16": .bfloat16
    case "F32": .float32
    case "F64": .float64
    case "I8": .int8
    case "I16": .int16
    case "I32": .int32
    case "I64": .int64
    case "U8", "BOOL": .uint8
    case "U16": .uint16
    case "U32": .uint32
    case "U64": .uint64
    default: nil
    }
  }
}
