import TensorCore

/// Rows of numbers, all of one shape, one after another: windows of spectrograms, samples of signals,
/// heartbeats. Example sets share a table, so that splitting and balancing copy no numbers.
public struct Table: Sendable {
  /// All elements, row-major `[rows] + rowShape`.
  public let values: [Float]
  /// The shape of a row: `[bins]`, `[leads]`; empty where a row is one number.
  public let rowShape: [Int]

  /// The number of elements of a row.
  public var rowSize: Int { rowShape.reduce(1, *) }
  /// The number of rows.
  public var rowCount: Int { values.count / rowSize }

  /// A table; `values` holds whole rows, and a row is not empty.
  public init(_ values: [Float], rowShape: [Int]) {
    // nor of sizes whose product is no number
    let size = Shape(rowShape).shortage == nil ? Shape(rowShape).count : 0
    guard size > 0, values.count % size == 0 else {
      stop("Table", "\(values.count) values are no rows of the shape \(Shape(rowShape))")
    }
    self.values = values
    self.rowShape = rowShape
  }
}
