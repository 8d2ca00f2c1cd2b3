import CMatio
import Foundation

/// Reads and writes MATLAB files of one recording, through libmatio.
enum MATLABFile {
  /// More than nine hours at 300 Hz; a header that claims more is damaged.
  private static let maximumSamples = 10_000_000

  /// The samples of the variable `val`, a row (or column) of whole numbers that fit 16 bits.
  /// `member` names the file in errors; `byteCount` is the file's size.
  static func readSamples(_ path: String, member: String, byteCount: Int) throws -> [Int16] {
    guard let file = Mat_Open(path, Int32(MAT_ACC_RDONLY.rawValue)) else {
      throw RecordingError.notMATLAB(member: member)
    }
    defer { Mat_Close(file) }
    guard let variable = Mat_VarReadInfo(file, "val") else {
      // A level-4 file has no signature: any bytes open, and only a variable shows that it is one.
      var names = 0
      let listed = Mat_GetDir(file, &names) != nil && names > 0
      throw listed
        ? RecordingError.noVariable(member: member) : RecordingError.notMATLAB(member: member)
    }
    defer { Mat_VarFree(variable) }
    let shape = variable.pointee
    guard shape.isComplex == 0, let dims = shape.dims, shape.rank == 2,
      dims[0] == 1 || dims[1] == 1
    else {
      throw RecordingError.wrongVariable(member: member, problem: "it is \(described(shape))")
    }
    // Multiplied only after each factor is known to be small: the header may claim anything.
    guard dims[0] <= maximumSamples, dims[1] <= maximumSamples else {
      throw RecordingError.notMATLAB(member: member)
    }
    let count = Int(dims[0] * dims[1])
    guard count > 0 else {
      throw RecordingError.wrongVariable(member: member, problem: "it is empty")
    }
    // libmatio hands out whatever was in memory when a file ends early.
    let isWhole =
      switch Mat_GetVersion(file) {
      case MAT_FT_MAT4: 20 + 4 + count * Mat_SizeOf(shape.data_type) <= byteCount
      case MAT_FT_MAT5: isWholeLevel5(path)
      default: true
      }
    guard isWhole else { throw RecordingError.notMATLAB(member: member) }
    guard Mat_VarReadDataAll(file, variable) == 0, let data = variable.pointee.data else {
      throw RecordingError.notMATLAB(member: member)
    }
    return try samples(data, count, variable.pointee, member: member)
  }

  /// Writes `samples` as the variable `val`, a 1 × N row of int16, in MATLAB level 4 as PhysioNet
  /// does.
  static func write(_ samples: [Int16], to path: String) throws {
    func failed() -> RecordingError {
      .unwritable(path: path, detail: "libmatio could not write it")
    }
    guard let file = Mat_CreateVer(path, nil, MAT_FT_MAT4) else { throw failed() }
    defer { Mat_Close(file) }
    var dims = [1, samples.count]
    var copy = samples
    let status = copy.withUnsafeMutableBytes { bytes -> Int32? in
      // libmatio copies the data into the variable, so the buffer need not outlive this call.
      guard
        let variable = Mat_VarCreate(
          "val", MAT_C_INT16, MAT_T_INT16, 2, &dims, bytes.baseAddress, 0)
      else { return nil }
      defer { Mat_VarFree(variable) }
      return Mat_VarWrite(file, variable, MAT_COMPRESSION_NONE)
    }
    guard status == 0 else { throw failed() }
  }

  /// Whether every element of a level-5 file ends inside it. After a header of 128 bytes, which
  /// ends with the order of the bytes, an element is its type, its size and its contents.
  private static func isWholeLevel5(_ path: String) -> Bool {
    guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: path)), bytes.count >= 128 else {
      return false
    }
    let isLittleEndian = bytes[126] == UInt8(ascii: "I")
    var place = 128
    while place < bytes.count {
      guard place + 8 <= bytes.count else { return false }
      let tag = bytes[(place + 4)..<(place + 8)]
      let size = (isLittleEndian ? tag.reversed() : Array(tag)).reduce(0) { $0 << 8 | Int($1) }
      place += 8 + size
    }
    return place == bytes.count
  }

  private static func samples(
    _ data: UnsafeMutableRawPointer, _ count: Int, _ variable: matvar_t, member: String
  ) throws -> [Int16] {
    // to Double first: the conversion from a generic float is ten times as slow, and this is the
    // usual way in, for libmatio hands out the int16 of level 4 as double
    func whole(_ number: Double) throws -> Int16 {
      guard abs(number) <= 32768 else { throw outside("\(number)") }
      let integer = Int32(number)
      guard Double(integer) == number, integer <= 32767 else { throw outside("\(number)") }
      return Int16(truncatingIfNeeded: integer)
    }
    func numbers<Number>(_ type: Number.Type) -> UnsafeBufferPointer<Number> {
      UnsafeBufferPointer(start: data.assumingMemoryBound(to: type), count: count)
    }
    func integers<Number: BinaryInteger>(_ type: Number.Type) throws -> [Int16] {
      try numbers(type).map {
        guard let sample = Int16(exactly: $0) else { throw outside("\($0)") }
        return sample
      }
    }
    func outside(_ value: String) -> RecordingError {
      .wrongVariable(member: member, problem: "it holds \(value)")
    }
    switch variable.class_type {
    case MAT_C_INT16:
      return Array(numbers(Int16.self))
    case MAT_C_DOUBLE: return try numbers(Double.self).map(whole)
    case MAT_C_SINGLE: return try numbers(Float.self).map { try whole(Double($0)) }
    case MAT_C_INT8: return try integers(Int8.self)
    case MAT_C_UINT8: return try integers(UInt8.self)
    case MAT_C_UINT16: return try integers(UInt16.self)
    case MAT_C_INT32: return try integers(Int32.self)
    case MAT_C_UINT32: return try integers(UInt32.self)
    default:
      throw RecordingError.wrongVariable(member: member, problem: "it is not an array of numbers")
    }
  }

  private static func described(_ variable: matvar_t) -> String {
    guard variable.isComplex == 0 else { return "complex" }
    guard let dims = variable.dims, variable.rank > 0 else { return "of no shape" }
    return (0..<Int(min(variable.rank, 8))).map { "\(dims[$0])" }.joined(separator: " x ")
  }
}
