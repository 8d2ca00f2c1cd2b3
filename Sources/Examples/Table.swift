import TensorCore

/// Rows of numbers, all of one shape, one after another: windows of spectrograms, samples of signals,
/// heartbeats. Example sets share a table, so that splitting and balancing copy no numbers.
public struct Table: Sendable {
  /// All elements, row-major `[rows] + rowShape`, in memory or in a file.
  public let numbers: StoredNumbers<Float>
  /// The shape of a row: `[bins]`, `[leads]`; empty where a row is one number.
  public let rowShape: [Int]

  /// All elements in memory: for tables that are small.
  public var values: [Float] { numbers.array }
  /// The elements of some rows.
  public func values(ofRows rows: Range<Int>) -> [Float] {
    numbers[(rows.lowerBound * rowSize)..<(rows.upperBound * rowSize)]
  }
  /// The number of elements of a row.
  public var rowSize: Int { rowShape.reduce(1, *) }
  /// The number of rows.
  public var rowCount: Int { numbers.count / rowSize }

  /// A table; `values` holds whole rows, and a row is not empty.
  public init(_ values: [Float], rowShape: [Int]) {
    self.init(StoredNumbers(values), rowShape: rowShape)
  }

  /// A table of numbers that are somewhere already; they are whole rows, and a row is not empty.
  public init(_ numbers: StoredNumbers<Float>, rowShape: [Int]) {
    // nor of sizes whose product is no number
    let size = Shape(rowShape).shortage == nil ? Shape(rowShape).count : 0
    guard size > 0, numbers.count % size == 0 else {
      stop("Table", "\(numbers.count) values are no rows of the shape \(Shape(rowShape))")
    }
    self.numbers = numbers
    self.rowShape = rowShape
  }
}
