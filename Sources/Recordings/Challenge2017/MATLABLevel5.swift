import CMatio

/// A file of level 5: 128 bytes, then elements, each a type, a size and contents; a variable is an element
/// of elements, and may be compressed.
struct MATLABLevel5 {
  private static let headerBytes = 128
  /// More than nine hours at 300 Hz in the widest numbers.
  private static let mostBytes = 10_000_000 * 8 + 4096

  private let bytes: [UInt8]
  private let isLittleEndian: Bool

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    isLittleEndian = bytes[126] == 0x49
  }

  func variable(_ name: String) throws(MATLABDamage) -> MATLABVariable? {
    let numbers = MATLABNumbers(bytes: bytes, isLittleEndian: isLittleEndian)
    var found: MATLABVariable?
    var place = Self.headerBytes
    while place < bytes.count {
      guard bytes.count - place >= 8 else { throw .damaged("it ends within an element") }
      let type = numbers.uint32(at: place)
      let size = numbers.uint32(at: place + 4)
      let contents = place + 8
      guard size > 0, size <= bytes.count - contents else {
        throw .damaged(
          "it announces \(size) bytes where \(bytes.count - contents) follow")
      }
      let matrix: [UInt8]
      switch type {
      case Int(MAT_T_MATRIX.rawValue): matrix = Array(bytes[place..<(contents + size)])
      case Int(MAT_T_COMPRESSED.rawValue):
        matrix = try inflated(bytes[contents..<(contents + size)])
      default: throw .damaged("it has an element of type \(type) where a variable should be")
      }
      place = contents + size
      let element = Matrix(MATLABNumbers(bytes: matrix, isLittleEndian: isLittleEndian))
      guard let variable = try element.variable(name, header: bytes[..<Self.headerBytes]) else {
        continue
      }
      guard found == nil else { throw .damaged("it has the variable \(name) twice") }
      found = variable
    }
    return found
  }

  /// The element that was compressed, with its type and its size.
  private func inflated(_ stream: ArraySlice<UInt8>) throws(MATLABDamage) -> [UInt8] {
    let matrix: [UInt8]
    do {
      matrix = try ZlibStream.inflated(stream, atMost: Self.mostBytes)
    } catch {
      throw .damaged("its compressed bytes are damaged: \(error.problem)")
    }
    let numbers = MATLABNumbers(bytes: matrix, isLittleEndian: isLittleEndian)
    guard matrix.count >= 8, numbers.uint32(at: 0) == Int(MAT_T_MATRIX.rawValue),
      numbers.uint32(at: 4) == matrix.count - 8
    else {
      throw .damaged("what is compressed in it is no variable of \(matrix.count) bytes")
    }
    return matrix
  }

  /// An element that should be a variable.
  private struct Matrix {
    private let numbers: MATLABNumbers

    init(_ numbers: MATLABNumbers) { self.numbers = numbers }

    /// An element within it: where its contents are and where the next one begins.
    private struct Part {
      let type: Int
      let contents: Range<Int>
      let end: Int
    }

    private func part(at place: Int) throws(MATLABDamage) -> Part {
      let count = numbers.bytes.count
      guard count - place >= 8 else { throw .damaged("a variable ends within its description") }
      let type = numbers.uint32(at: place)
      let (small, smallType) = (type >> 16, type & 0xFFFF)
      // up to four bytes stand in the tag itself
      if small > 0 {
        guard small <= 4 else {
          throw .damaged("it has an element of \(small) bytes where at most 4 have room")
        }
        return Part(type: smallType, contents: (place + 4)..<(place + 4 + small), end: place + 8)
      }
      let size = numbers.uint32(at: place + 4)
      let end = place + 8 + (size + 7) / 8 * 8
      guard end <= count else {
        throw .damaged(
          "an element of a variable announces \(size) bytes where \(count - place - 8) follow")
      }
      return Part(type: type, contents: (place + 8)..<(place + 8 + size), end: end)
    }

    /// The variable, where it has this name.
    func variable(
      _ name: String, header: ArraySlice<UInt8>
    ) throws(MATLABDamage) -> MATLABVariable? {
      let flags = try part(at: 8)
      guard flags.type == Int(MAT_T_UINT32.rawValue), flags.contents.count == 8 else {
        throw .damaged("a variable has no flags")
      }
      let bits = numbers.uint32(at: flags.contents.lowerBound)
      let kind = bits & 0xFF
      guard (Int(MAT_C_CELL.rawValue)...Int(MAT_C_OPAQUE.rawValue)).contains(kind) else {
        throw .damaged("a variable is of the unknown class \(kind)")
      }
      var place = flags.end
      var sizes: [Int] = []
      if kind != Int(MAT_C_OPAQUE.rawValue) {
        let dimensions = try part(at: place)
        guard
          [MAT_T_INT32, MAT_T_UINT32].contains(where: { Int($0.rawValue) == dimensions.type }),
          dimensions.contents.count >= 8, dimensions.contents.count % 4 == 0
        else { throw .damaged("a variable has no sizes") }
        sizes = stride(
          from: dimensions.contents.lowerBound, to: dimensions.contents.upperBound, by: 4
        ).map { numbers.uint32(at: $0) }
        guard sizes.allSatisfy({ $0 < 1 << 31 }) else {
          throw .damaged("a variable has negative sizes")
        }
        place = dimensions.end
      }
      let itsName = try part(at: place)
      guard
        [MAT_T_INT8, MAT_T_UTF8].contains(where: { Int($0.rawValue) == itsName.type }),
        numbers.bytes[itsName.contents].allSatisfy({ (0x21...0x7E).contains($0) })
      else { throw .damaged("a variable's name is none") }
      guard numbers.bytes[itsName.contents].elementsEqual(name.utf8) else { return nil }
      let isNumeric =
        (Int(MAT_C_DOUBLE.rawValue)...Int(MAT_C_UINT64.rawValue)).contains(kind)
      let isComplex = bits >> 11 & 1 == 1
      if isNumeric, !isComplex { try checkElements(kind, sizes, at: itsName.end) }
      return MATLABVariable(
        level: .five, file: header + numbers.bytes, dimensions: sizes,
        contents: !isNumeric ? .other : isComplex ? .complexNumbers : .numbers)
    }

    /// Checks the elements: as many as the sizes say, in a type that the class can hold, and nothing
    /// behind them.
    private func checkElements(
      _ kind: Int, _ sizes: [Int], at place: Int
    ) throws(MATLABDamage) {
      let data = try part(at: place)
      guard let stored = Self.stored[data.type], stored.isOf.contains(kind) else {
        throw .damaged(
          "its elements are stored as type \(data.type), which class \(kind) cannot hold")
      }
      var count = 1
      for size in sizes {
        let (product, overflow) = count.multipliedReportingOverflow(by: size)
        guard !overflow else { throw .damaged("a variable has impossible sizes") }
        count = product
      }
      guard data.contents.count % stored.size == 0, data.contents.count / stored.size == count
      else {
        throw .damaged(
          "it announces \(sizes.map(String.init).joined(separator: " x ")) elements and stores "
            + "\(data.contents.count) bytes")
      }
      guard data.end == numbers.bytes.count else {
        throw .damaged("\(numbers.bytes.count - data.end) bytes follow its elements")
      }
    }

    private struct Stored {
      let type: matio_types
      let size: Int
      /// The classes whose numbers these are, or that hold each of them: MATLAB stores whole numbers in
      /// the narrowest type.
      let isOf: Set<Int>

      init(_ type: matio_types, _ size: Int, _ classes: [matio_classes]) {
        self.type = type
        self.size = size
        isOf = Set(classes.map { Int($0.rawValue) })
      }
    }

    private static let stored: [Int: Stored] = {
      let wide = [MAT_C_DOUBLE, MAT_C_INT64]
      let all = [
        Stored(
          MAT_T_INT8, 1, wide + [MAT_C_INT8, MAT_C_INT16, MAT_C_INT32, MAT_C_SINGLE]),
        Stored(
          MAT_T_UINT8, 1,
          wide + [
            MAT_C_UINT8, MAT_C_INT16, MAT_C_UINT16, MAT_C_INT32, MAT_C_UINT32, MAT_C_UINT64,
            MAT_C_SINGLE,
          ]),
        Stored(MAT_T_INT16, 2, wide + [MAT_C_INT16, MAT_C_INT32, MAT_C_SINGLE]),
        Stored(
          MAT_T_UINT16, 2,
          wide + [MAT_C_UINT16, MAT_C_INT32, MAT_C_UINT32, MAT_C_UINT64, MAT_C_SINGLE]),
        Stored(MAT_T_INT32, 4, wide + [MAT_C_INT32]),
        Stored(MAT_T_UINT32, 4, wide + [MAT_C_UINT32, MAT_C_UINT64]),
        Stored(MAT_T_INT64, 8, [MAT_C_INT64]),
        Stored(MAT_T_UINT64, 8, [MAT_C_UINT64]),
        Stored(MAT_T_SINGLE, 4, [MAT_C_SINGLE, MAT_C_DOUBLE]),
        Stored(MAT_T_DOUBLE, 8, [MAT_C_DOUBLE]),
      ]
      return Dictionary(uniqueKeysWithValues: all.map { (Int($0.type.rawValue), $0) })
    }()
  }
}
