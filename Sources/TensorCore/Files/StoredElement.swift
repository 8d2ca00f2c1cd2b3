/// A type of number that a file may hold, little-endian, and how it becomes a 32-bit float.
struct StoredElement: Sendable {
  /// Bytes of one number.
  let size: Int
  /// The number at an offset.
  let read: @Sendable (_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Float

  static let float16 = of(UInt16.self) { Float(halfBits: $0) }
  static let bfloat16 = of(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
  static let float32 = of(Float.self) { $0 }
  static let float64 = of(Double.self) { Float($0) }
  static let int8 = of(Int8.self) { Float($0) }
  static let int16 = of(Int16.self) { Float($0) }
  static let int32 = of(Int32.self) { Float($0) }
  static let int64 = of(Int64.self) { Float($0) }
  static let uint8 = of(UInt8.self) { Float($0) }
  static let uint16 = of(UInt16.self) { Float($0) }
  static let uint32 = of(UInt32.self) { Float($0) }
  static let uint64 = of(UInt64.self) { Float($0) }

  /// The numbers of a run of bytes that holds just so many.
  func tensor(_ bytes: UnsafeRawBufferPointer, at offset: Int, shape: Shape) -> Tensor {
    let storage = Storage(count: shape.count)
    for index in 0..<storage.count {
      storage.pointer[index] = read(bytes, offset + index * size)
    }
    return Tensor(storage, shape)
  }

  private static func of<Value: BitwiseCopyable>(
    _ type: Value.Type, _ convert: @escaping @Sendable (Value) -> Float
  ) -> StoredElement {
    StoredElement(size: MemoryLayout<Value>.size) {
      convert($0.loadUnaligned(fromByteOffset: $1, as: type))
    }
  }
}

extension Float {
  /// The number of IEEE 754's 16-bit format; Swift's `Float16` is not on every system.
  fileprivate init(halfBits bits: UInt16) {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 0x1F
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0: self = Float(fraction) * 0x1p-24 * (sign == 0 ? 1 : -1)
    case 31: self = Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: self = Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}
