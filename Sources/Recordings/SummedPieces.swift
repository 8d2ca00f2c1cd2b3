import Files
import Signals

/// Bytes on their way into a store's file, and their check sum: the sum is made of words, and pieces may end within one.
struct SummedPieces {
  private let file: FileWriter
  private var sum = StoreBytes.noSum
  /// Bytes that are not written yet, fewer than `capacity`.
  private var waiting: [UInt8] = []

  /// A multiple of a word's bytes.
  private static let capacity = 1 << 20

  init(_ file: FileWriter) {
    self.file = file
    waiting.reserveCapacity(Self.capacity)
  }

  /// Adds bytes.
  ///
  /// - Throws: `FileError.cannotWrite`.
  mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Self.capacity - waiting.count)
      waiting.append(contentsOf: piece)
      rest = rest.dropFirst(piece.count)
      if waiting.count == Self.capacity { try write() }
    }
  }

  /// Writes what waits.
  ///
  /// - Returns: the check sum of all that was added.
  /// - Throws: `FileError.cannotWrite`.
  mutating func finish() throws -> UInt64 {
    try write()
    return sum
  }

  private mutating func write() throws {
    try waiting.withUnsafeBytes {
      sum = StoreBytes.checkSum(sum, adding: $0)
      try file.append($0)
    }
    waiting.removeAll(keepingCapacity: true)
  }
}
