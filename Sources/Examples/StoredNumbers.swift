import TensorCore

/// Numbers one after another, in memory or in a file: who reads them does not see which.
public struct StoredNumbers<Element: BitwiseCopyable & Sendable>: Sendable {
  private enum Place: Sendable {
    case memory(ArraySlice<Element>)
    /// The byte at which the first is.
    case file(NumberFile, offset: Int)
  }

  private let place: Place
  /// How many there are.
  public let count: Int

  /// Numbers in memory.
  public init(_ values: [Element]) { self.init(values[...]) }

  private init(_ values: ArraySlice<Element>) {
    place = .memory(values)
    count = values.count
  }

  /// Numbers in a file, the first of them at a byte of it; nil where the file ends before the last.
  package init?(_ file: NumberFile, offset: Int, count: Int) {
    let (size, overflows) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !overflows, offset >= 0, count >= 0, size <= file.byteCount,
      offset <= file.byteCount - size
    else { return nil }
    place = .file(file, offset: offset)
    self.count = count
  }

  private init(_ place: Place, count: Int) {
    self.place = place
    self.count = count
  }

  /// The file that they are in, and the byte at which the first is; nil for those in memory.
  package var position: (file: NumberFile, offset: Int)? {
    if case .file(let file, let offset) = place { (file, offset) } else { nil }
  }

  /// All of them, in memory.
  public var array: [Element] {
    if case .memory(let values) = place { Array(values) } else { self[0..<count] }
  }

  /// Those of a range, in memory.
  public subscript(range: Range<Int>) -> [Element] {
    checked(range)
    return [Element](unsafeUninitializedCapacity: range.count) { buffer, filled in
      if let base = buffer.baseAddress { read(range, to: base) }
      filled = range.count
    }
  }

  /// Those of a range where they are: nothing is copied.
  public func slice(_ range: Range<Int>) -> StoredNumbers {
    checked(range)
    switch place {
    case .memory(let values):
      let first = values.startIndex
      return StoredNumbers(values[(first + range.lowerBound)..<(first + range.upperBound)])
    case .file(let file, let offset):
      return StoredNumbers(
        .file(file, offset: offset + range.lowerBound * MemoryLayout<Element>.stride),
        count: range.count)
    }
  }

  /// Copies those of a range, which lies inside, to `target`.
  ///
  /// Ends the program where a disk no longer gives what was written to it.
  func read(_ range: Range<Int>, to target: UnsafeMutablePointer<Element>) {
    switch place {
    case .memory(let values):
      values.withUnsafeBufferPointer { buffer in
        if let base = buffer.baseAddress {
          target.initialize(from: base + range.lowerBound, count: range.count)
        }
      }
    case .file(let file, let offset):
      let size = MemoryLayout<Element>.stride
      let bytes = UnsafeMutableRawBufferPointer(start: target, count: range.count * size)
      guard file.read(bytes, at: offset + range.lowerBound * size) else {
        stop("StoredNumbers", "the disk does not give what was written to it")
      }
    }
  }

  private func checked(_ range: Range<Int>) {
    guard range.lowerBound >= 0, range.upperBound <= count else {
      stop("StoredNumbers", "\(range) is outside of \(count) numbers")
    }
  }
}

extension StoredNumbers: Equatable where Element: Equatable {
  /// Whether they are the same numbers, wherever they are.
  public static func == (one: StoredNumbers, other: StoredNumbers) -> Bool {
    one.count == other.count && one.array == other.array
  }
}
