import Dispatch

/// What is counted and summed of the rows of heartbeats.
package struct HeartbeatFigures {
  private static let width = HeartbeatRows.width

  private let values: [Float]
  private let classes: [UInt8]
  private let parts: [HeartbeatPart]
  /// The sum of each row.
  private let sums: [Double]
  /// How many values each row has before the zeros.
  private let lengths: [Int]

  /// Sums rows.
  ///
  /// - Parameters:
  ///   - classes: the class of each.
  ///   - parts: the set that each belongs to.
  package init(_ values: [Float], classes: [UInt8], parts: [HeartbeatPart]) {
    self.values = values
    self.classes = classes
    self.parts = parts
    (sums, lengths) = Self.sums(values)
  }

  /// How many rows of each class some sets have, the mean of all their values and of those of each
  /// class; not a number without rows.
  package func group(
    _ wanted: [HeartbeatPart]
  ) -> (counts: [Int], mean: Double, classMeans: [Double]) {
    var counts = [Int](repeating: 0, count: HeartbeatClass.allCases.count)
    var classSums = [Double](repeating: 0, count: counts.count)
    var (count, sum) = (0, 0.0)
    for row in classes.indices where wanted.contains(parts[row]) {
      let number = Int(classes[row])
      counts[number] += 1
      classSums[number] += sums[row]
      count += 1
      sum += sums[row]
    }
    return (
      counts, sum / Double(count * Self.width),
      zip(classSums, counts).map { $0 / Double($1 * Self.width) }
    )
  }

  /// The mean and the standard deviation of each of the first columns of some sets.
  package func firstColumns(
    _ count: Int, of wanted: [HeartbeatPart]
  ) -> [(mean: Double, deviation: Double)] {
    let members = parts.indices.filter { wanted.contains(parts[$0]) }
    return (0..<count).map { column in
      func value(_ row: Int) -> Double { Double(values[row * Self.width + column]) }
      let mean = members.reduce(0) { $0 + value($1) } / Double(members.count)
      let square = members.reduce(0) { $0 + (value($1) - mean) * (value($1) - mean) }
      // of a sample, as pandas takes it
      return (mean, (square / max(1, Double(members.count) - 1)).squareRoot())
    }
  }

  /// Values before the zeros: the least, the median, and the median of each class.
  package var spread: (least: Int, median: Int, byClass: [Int]) {
    (
      lengths.min() ?? 0, Self.median(lengths),
      HeartbeatClass.allCases.indices.map { number in
        Self.median(classes.indices.filter { classes[$0] == UInt8(number) }.map { lengths[$0] })
      }
    )
  }

  /// Rows without zeros at the end.
  package var fullCount: Int { lengths.count { $0 == Self.width } }

  /// How many rows of a stretch belong to some sets.
  package func count(_ wanted: [HeartbeatPart], in rows: Range<Int>) -> Int {
    rows.count { wanted.contains(parts[$0]) }
  }

  private static func median(_ numbers: [Int]) -> Int {
    let sorted = numbers.sorted()
    return sorted.isEmpty ? 0 : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  private static func sums(_ values: [Float]) -> (rows: [Double], lengths: [Int]) {
    let count = values.count / width
    var lengths = [Int](repeating: 0, count: count)
    let rows = [Double](unsafeUninitializedCapacity: count) { buffer, filled in
      lengths.withUnsafeMutableBufferPointer { lengths in
        values.withUnsafeBufferPointer { values in
          // Threads write disjoint places.
          nonisolated(unsafe) let (target, lengths, values) = (buffer, lengths, values)
          let block = 1024
          DispatchQueue.concurrentPerform(iterations: (count + block - 1) / block) { part in
            for row in (part * block)..<min((part + 1) * block, count) {
              var (sum, length) = (0.0, 0)
              for place in 0..<width {
                let value = values[row * width + place]
                sum += Double(value)
                if value > 0 { length = place + 1 }
              }
              target[row] = sum
              lengths[row] = length
            }
          }
        }
      }
      filled = count
    }
    return (rows, lengths)
  }
}
