import CMatio

/// The numbers of a MATLAB variable, as libmatio hands them out, as samples of 16 bits.
package enum MATLABSamples {
  /// Why they are none.
  package enum Damage: Error {
    /// One is no whole number of 16 bits.
    case outside(String)
    /// They are no real numbers.
    case noNumbers
  }

  /// The samples of a variable of a class of numbers.
  package static func read(
    _ data: UnsafeRawPointer, count: Int, _ type: matio_classes
  ) throws(Damage) -> [Int16] {
    // to Double first: the conversion from a generic float is ten times as slow, and this is the
    // usual way in, for libmatio hands out the int16 of level 4 as double
    func whole(_ number: Double) throws(Damage) -> Int16 {
      guard abs(number) <= 32768 else { throw .outside("\(number)") }
      let integer = Int32(number)
      guard Double(integer) == number, integer <= 32767 else { throw .outside("\(number)") }
      return Int16(truncatingIfNeeded: integer)
    }
    func numbers<Number>(_ type: Number.Type) -> UnsafeBufferPointer<Number> {
      UnsafeBufferPointer(start: data.assumingMemoryBound(to: type), count: count)
    }
    func integers<Number: BinaryInteger>(_ type: Number.Type) throws(Damage) -> [Int16] {
      try numbers(type).map { number throws(Damage) in
        guard let sample = Int16(exactly: number) else { throw .outside("\(number)") }
        return sample
      }
    }
    switch type {
    case MAT_C_INT16: return Array(numbers(Int16.self))
    case MAT_C_DOUBLE:
      return try numbers(Double.self).map { number throws(Damage) in try whole(number) }
    case MAT_C_SINGLE:
      return try numbers(Float.self).map { number throws(Damage) in try whole(Double(number)) }
    case MAT_C_INT8: return try integers(Int8.self)
    case MAT_C_UINT8: return try integers(UInt8.self)
    case MAT_C_UINT16: return try integers(UInt16.self)
    case MAT_C_INT32: return try integers(Int32.self)
    case MAT_C_UINT32: return try integers(UInt32.self)
    case MAT_C_INT64: return try integers(Int64.self)
    case MAT_C_UINT64: return try integers(UInt64.self)
    default: throw .noNumbers
    }
  }
}
