/// A variable as the bytes of a MATLAB file describe it, with every count in it checked against the bytes
/// that are there: libmatio takes a file at its word, and hands out memory that nobody wrote.
///
/// Sources: MathWorks, "MAT-File Format" (R2019b) for level 4 and level 5; where SciPy's reader refuses a
/// file, this does.
struct MATLABVariable {
  /// The level of its file.
  enum Level: Equatable {
    case four, five
  }

  /// What a variable holds; of anything but real numbers the name and the sizes alone are checked.
  enum Contents {
    case numbers, complexNumbers, other
  }

  /// The level of its file.
  let level: Level
  /// A file of this variable alone, not compressed: what libmatio gets to read.
  let file: ArraySlice<UInt8>
  /// Its sizes.
  let dimensions: [Int]
  /// What it holds.
  let contents: Contents

  /// Finds a variable. Nil where the file has none of this name.
  ///
  /// - Throws: what is wrong with the file.
  static func find(_ name: String, in bytes: [UInt8]) throws(MATLABDamage) -> MATLABVariable? {
    // the text that a level-5 file begins with has no zero here, and the first number of a level-4 file,
    // at most 4052, has two
    guard bytes.count >= 20 else { throw .noMATLABFile }
    if bytes[..<4].contains(0) { return try MATLABLevel4(bytes).variable(name) }
    guard bytes.count >= 128 else { throw .noMATLABFile }
    switch Array(bytes[124..<128]) {
    case [0, 1, 0x49, 0x4D], [1, 0, 0x4D, 0x49]: return try MATLABLevel5(bytes).variable(name)
    case [0, 2, 0x49, 0x4D], [2, 0, 0x4D, 0x49]: throw .newer
    default: throw .noMATLABFile
    }
  }
}

/// Why a file is not read.
enum MATLABDamage: Error, Equatable {
  /// It has not the form of any level.
  case noMATLABFile
  /// It is one of level 7.3, which is HDF5.
  case newer
  /// It has the form of one, and is damaged.
  case damaged(String)
}

/// Numbers of a file in the file's order of bytes.
struct MATLABNumbers {
  let bytes: [UInt8]
  let isLittleEndian: Bool

  /// The four bytes at a place, which are there.
  func uint32(at place: Int) -> Int {
    let (a, b) = (Int(bytes[place]), Int(bytes[place + 1]))
    let (c, d) = (Int(bytes[place + 2]), Int(bytes[place + 3]))
    return isLittleEndian ? d << 24 | c << 16 | b << 8 | a : a << 24 | b << 16 | c << 8 | d
  }
}

/// A file of level 4: variables one behind the other, each 20 bytes of sizes, a name and the elements.
private struct MATLABLevel4 {
  private let bytes: [UInt8]
  /// Names of more are not MATLAB's, which has 63 characters at most.
  private static let longestName = 256
  /// By the digit P of the type: double, single, int32, int16, uint16, uint8.
  private static let elementSizes = [8, 4, 4, 2, 2, 1]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func variable(_ name: String) throws(MATLABDamage) -> MATLABVariable? {
    var found: MATLABVariable?
    var place = 0
    while place < bytes.count {
      // the first decides what the file is; the others belong to it
      let (variable, itsName) = try one(at: place)
      place = variable.file.endIndex
      guard itsName.elementsEqual(name.utf8) else { continue }
      guard found == nil else { throw .damaged("it has the variable \(name) twice") }
      found = variable
    }
    return found
  }

  private func one(
    at place: Int
  ) throws(MATLABDamage) -> (MATLABVariable, name: ArraySlice<UInt8>) {
    func wrong(_ problem: String) -> MATLABDamage {
      place == 0 ? .noMATLABFile : .damaged("\(problem) at byte \(place)")
    }
    guard bytes.count - place >= 20 else { throw wrong("it has bytes of no variable") }
    // 1000 M + 100 O + 10 P + T; M is 1 where the file is big-endian
    let little = MATLABNumbers(bytes: bytes, isLittleEndian: true)
    let big = MATLABNumbers(bytes: bytes, isLittleEndian: false)
    let isLittle = little.uint32(at: place) < 1000
    let numbers = isLittle ? little : big
    let kind = isLittle ? little.uint32(at: place) : big.uint32(at: place) - 1000
    guard (0..<60).contains(kind), kind % 10 <= 2 else {
      throw wrong("it has bytes of no variable")
    }
    let size = Self.elementSizes[kind / 10]
    let rows = numbers.uint32(at: place + 4)
    let columns = numbers.uint32(at: place + 8)
    let isComplex = numbers.uint32(at: place + 12)
    let nameLength = numbers.uint32(at: place + 16)
    guard rows < 1 << 31, columns < 1 << 31, isComplex <= 1, nameLength > 1,
      nameLength <= Self.longestName, nameLength <= bytes.count - place - 20
    else { throw wrong("it has a variable of impossible sizes") }
    let name = bytes[(place + 20)..<(place + 20 + nameLength)]
    guard name.last == 0, name.dropLast().allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw wrong("it has a variable whose name is none")
    }
    let start = place + 20 + nameLength
    let parts = isComplex == 1 && kind % 10 != 2 ? 2 : 1
    let (elements, tooMany) = rows.multipliedReportingOverflow(by: columns)
    guard !tooMany, elements <= (bytes.count - start) / (size * parts) else {
      throw .damaged(
        "it announces \(rows) x \(columns) elements, more than the \(bytes.count - start) bytes "
          + "that follow")
    }
    let end = start + elements * size * parts
    let variable = MATLABVariable(
      level: .four, file: bytes[place..<end], dimensions: [rows, columns],
      contents: kind % 10 > 0 ? .other : isComplex == 0 ? .numbers : .complexNumbers)
    return (variable, name.dropLast())
  }
}
