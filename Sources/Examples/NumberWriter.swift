import TensorCore

/// Takes numbers piece by piece and keeps them in memory; from a size on in a file, so that memory does not grow with
/// the recordings. Where no file can be written they stay in memory.
public struct NumberWriter<Element: BitwiseCopyable & Sendable> {
  /// Bytes that stay in memory.
  private let limit: Int
  private let makeFile: () -> NumberFile?
  private var pending: [Element] = []
  private var file: NumberFile?
  /// Numbers that are in the file.
  private var written = 0
  private var hasFile = true

  /// How many it has.
  public var count: Int { written + pending.count }

  /// An empty writer.
  public init() { self.init(limit: .inMemory) }

  /// - Parameter limit: so many bytes stay in memory.
  package init(limit: Int, makeFile: @escaping () -> NumberFile? = { NumberFile() }) {
    self.limit = limit
    self.makeFile = makeFile
  }

  /// Appends numbers.
  ///
  /// - Returns: the range in which they are among all.
  @discardableResult
  public mutating func append(contentsOf values: some Collection<Element>) -> Range<Int> {
    let range = count..<(count + values.count)
    pending.append(contentsOf: values)
    if hasFile, pending.count * MemoryLayout<Element>.stride > (file == nil ? limit : limit / 16) {
      flush()
    }
    return range
  }

  private mutating func flush() {
    if file == nil { file = makeFile() }
    let offset = written * MemoryLayout<Element>.stride
    guard let file, pending.withUnsafeBytes({ file.write($0, at: offset) }) else {
      return stay()
    }
    written += pending.count
    // not its capacity, which is the limit's
    pending = []
  }

  /// Takes all back into memory, for good.
  private mutating func stay() {
    if let file, let numbers = StoredNumbers<Element>(file, offset: 0, count: written) {
      pending = numbers.array + pending
    }
    (file, written, hasFile) = (nil, 0, false)
  }

  /// All numbers; nothing is appended after this.
  public consuming func finished() -> StoredNumbers<Element> {
    if file != nil, !pending.isEmpty { flush() }
    guard let file, let numbers = StoredNumbers<Element>(file, offset: 0, count: written) else {
      return StoredNumbers(pending)
    }
    return numbers
  }
}

extension Int {
  /// Bytes of numbers that stay in memory as a rule: less than a network's own.
  package static let inMemory = 16 << 20
}
