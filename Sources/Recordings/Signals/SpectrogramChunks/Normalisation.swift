/// Centres and scales spectrograms per frequency bin, over all recordings and all windows of the
/// padded length, as the course does in NumPy with float32:
///
///     S -= S.mean(axis=(0, 1));  S /= S.std(axis=(0, 1))
///
/// NumPy sums over leading axes row by row into one float32 for each bin. Over 3.7 million rows
/// such a sum loses low digits (the mean of bin 0 comes out 0.3 % small), and `std` of the centred
/// numbers loses others than `std` of the originals would. The course's printed figures, mean
/// 0.000327 and standard deviation 1.003635, are those losses; with exact sums they would be 0
/// and 1. So the same sums are taken here in the same order.
package struct Normalisation {
  /// One row of the course's 17 bins: vectorised, with every bin summed in the order of the rows.
  private struct Row {
    var head = SIMD16<Float>()
    var last: Float = 0

    @inline(__always)
    init() {}

    @inline(__always)
    init(_ base: UnsafeMutableRawPointer, _ row: Int) {
      let bytes = row * Normalisation.courseBins * MemoryLayout<Float>.stride
      head = base.loadUnaligned(fromByteOffset: bytes, as: SIMD16<Float>.self)
      last = base.load(fromByteOffset: bytes + 64, as: Float.self)
    }

    @inline(__always)
    func store(_ base: UnsafeMutableRawPointer, _ row: Int) {
      let bytes = row * Normalisation.courseBins * MemoryLayout<Float>.stride
      base.storeBytes(of: head, toByteOffset: bytes, as: SIMD16<Float>.self)
      base.storeBytes(of: last, toByteOffset: bytes + 64, as: Float.self)
    }

    @inline(__always)
    mutating func add(_ other: Row) {
      head += other.head
      last += other.last
    }

    @inline(__always)
    func minus(_ other: Row) -> Row {
      var row = self
      row.head -= other.head
      row.last -= other.last
      return row
    }

    @inline(__always)
    func over(_ other: Row) -> Row {
      var row = self
      row.head /= other.head
      row.last /= other.last
      return row
    }

    @inline(__always)
    func over(_ count: Float) -> Row {
      var row = self
      row.head /= count
      row.last /= count
      return row
    }

    @inline(__always)
    var squared: Row {
      var row = self
      row.head *= row.head
      row.last *= row.last
      return row
    }

    var bins: [Float] { (0..<16).map { head[$0] } + [last] }
  }

  private static let courseBins = 17

  /// What was subtracted from each bin.
  package let means: [Float]
  /// What each bin was divided by; 1 for a bin that is constant.
  package let deviations: [Float]
  /// Mean over all bins and windows afterwards, padding included.
  package let mean: Double
  /// Standard deviation over all bins and windows afterwards, padding included.
  package let deviation: Double

  /// Normalises `frames` in place and moves the rows to keep to its front.
  ///
  /// `frames` has `stored[i]` rows for recording i, one after another, of which the first `kept[i]`
  /// stay. Each recording stands for `windows` rows: those behind its stored ones are zero and
  /// never in memory, but they count.
  init(
    _ frames: UnsafeMutableBufferPointer<Float>, binCount: Int, stored: [Int], kept: [Int],
    windows: Int
  ) {
    if binCount == Self.courseBins {
      self.init(course: frames, stored: stored, kept: kept, windows: windows)
    } else {
      self.init(any: frames, binCount: binCount, stored: stored, kept: kept, windows: windows)
    }
  }

  init(means: [Float], deviations: [Float], mean: Double, deviation: Double) {
    (self.means, self.deviations) = (means, deviations)
    (self.mean, self.deviation) = (mean, deviation)
  }

  /// As above, for 17 bins.
  private init(
    course frames: UnsafeMutableBufferPointer<Float>, stored: [Int], kept: [Int], windows: Int
  ) {
    guard let base = UnsafeMutableRawPointer(frames.baseAddress), !stored.isEmpty else {
      (means, deviations, mean, deviation) = ([], [], 0, 0)
      return
    }
    let count = Float(stored.count * windows)

    func sum(_ value: (Row) -> Row) -> Row {
      var sum = Row()
      var row = 0
      let padding = value(Row())
      for rows in stored {
        for _ in 0..<rows {
          sum.add(value(Row(base, row)))
          row += 1
        }
        for _ in rows..<windows { sum.add(padding) }
      }
      return sum
    }

    let average = sum { $0 }.over(count)
    let drift = sum { $0.minus(average) }.over(count)
    let variance = sum { $0.minus(average).minus(drift).squared }.over(count)
    var spread = Row()
    spread.head = variance.head.squareRoot()
    spread.head.replace(with: 1, where: spread.head .== 0)
    spread.last = variance.last == 0 ? 1 : variance.last.squareRoot()

    var total = (sum: SIMD16<Double>(), squares: SIMD16<Double>())
    var totalOfLast = (sum: 0.0, squares: 0.0)
    func tally(_ row: Row, times: Double) {
      let head = SIMD16<Double>(row.head)
      let last = Double(row.last)
      total.sum += head * times
      total.squares += head * head * times
      totalOfLast.sum += last * times
      totalOfLast.squares += last * last * times
    }
    let padding = Row().minus(average).over(spread)
    var row = 0
    var place = 0
    for (rows, keep) in zip(stored, kept) {
      for index in 0..<rows {
        let normal = Row(base, row).minus(average).over(spread)
        tally(normal, times: 1)
        if index < keep {
          normal.store(base, place)
          place += 1
        }
        row += 1
      }
      tally(padding, times: Double(windows - rows))
    }
    let numbers = Double(stored.count * windows * Self.courseBins)
    mean = (total.sum.sum() + totalOfLast.sum) / numbers
    let meanSquare = (total.squares.sum() + totalOfLast.squares) / numbers
    deviation = (meanSquare - mean * mean).squareRoot()
    means = average.bins
    deviations = spread.bins
  }
}
