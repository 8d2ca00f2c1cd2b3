import WorkerPipe

/// Finds numbers that stand in several tensors, or twice in one, as they do when a generator is handed on
/// by value: both then begin with the same draws.
///
/// Found is every run of 2 · `length` numbers or more that is another run times a constant: from whatever
/// place on in either tensor, forwards, backwards, down the columns of a matrix or up. Not found are
/// all shorter runs, and draws that were made into another distribution, as uniform numbers and the normal
/// ones of Box and Muller's method.
package struct RepeatedNumbers {
  /// How many numbers are compared: of independent draws none is another's, to six digits, with a
  /// probability of more than 1e-60.
  static let length = 16
  /// How far numbers may be apart that were scaled, or moved into their range, in single precision.
  private static let tolerance = 2e-6

  /// A way through a tensor's numbers.
  package enum Order: CaseIterable { case rows, backwards, columns, columnsBackwards }

  /// Two runs with the same numbers.
  package struct Repetition: Equatable {
    /// The tensor that is read row by row, and the one that is read in the order below.
    package var first, second: String
    /// Where the runs begin; of the second, counted in its order.
    package var firstStart, secondStart: Int
    package var order: Order
    /// What the first run is multiplied with.
    package var factor: Double
    /// How many numbers are the same.
    package var count: Int
  }

  /// A tensor in one order.
  private struct Reading {
    let tensor: Int
    let order: Order
    let values: [Float]
  }

  /// Where a number and the next have a certain ratio.
  private struct Place {
    let ratio: Double
    let tensor, index: Int32
  }

  private let names: [String]
  private let readings: [[Reading]]
  private let places: [Place]

  /// Puts the ratios of neighbouring numbers in order.
  package init(_ tensors: [PipeTensor]) {
    names = tensors.map(\.name)
    readings = tensors.enumerated().map { number, tensor in
      Order.allCases.compactMap { order in
        Self.values(tensor, order).map { Reading(tensor: number, order: order, values: $0) }
      }
    }
    places = readings.flatMap { readings -> [Place] in
      guard let rows = readings.first, rows.values.count >= Self.length else { return [] }
      return (0..<rows.values.count - 1).compactMap { index in
        Self.ratio(rows.values, index).map {
          Place(ratio: $0, tensor: Int32(rows.tensor), index: Int32(index))
        }
      }
    }.sorted { $0.ratio < $1.ratio }
  }

  private static func values(_ tensor: PipeTensor, _ order: Order) -> [Float]? {
    let isMatrix = tensor.shape.count == 2 && tensor.shape.allSatisfy { $0 > 1 }
    var columns: [Float] {
      (0..<tensor.shape[1]).flatMap { column in
        (0..<tensor.shape[0]).map { tensor.values[$0 * tensor.shape[1] + column] }
      }
    }
    switch order {
    case .rows: return tensor.values
    case .backwards: return tensor.values.reversed()
    case .columns: return isMatrix ? columns : nil
    case .columnsBackwards: return isMatrix ? columns.reversed() : nil
    }
  }

  private static let mostCandidates = 256

  private static func ratio(_ values: [Float], _ index: Int) -> Double? {
    let (first, second) = (Double(values[index]), Double(values[index + 1]))
    return first != 0 && second != 0 ? second / first : nil
  }

  /// The first repetition.
  package func first() -> Repetition? {
    // one that is like an earlier tensor, row by row, sooner than the other way round
    let all = readings.flatMap(\.self)
    return repetition(in: all) { $0 <= $1 }
      ?? repetition(in: all.filter { $0.order != .rows }) { $0 > $1 }
  }

  private func repetition(
    in readings: [Reading], where isCompared: (_ first: Int, _ second: Int) -> Bool
  ) -> Repetition? {
    for reading in readings {
      // a run that is twice as long has a whole one of these in it
      for index in stride(from: 0, to: reading.values.count - Self.length + 1, by: Self.length) {
        if let found = repetition(of: reading, at: index, where: isCompared) { return found }
      }
    }
    return nil
  }

  private func repetition(
    of reading: Reading, at index: Int, where isCompared: (_ first: Int, _ second: Int) -> Bool
  ) -> Repetition? {
    guard let ratio = Self.ratio(reading.values, index) else { return nil }
    let width = Self.tolerance * abs(ratio)
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      if places[middle].ratio < ratio - width { low = middle + 1 } else { high = middle }
    }
    // Of draws a handful have the same ratio by chance; of numbers made to have it all would be compared
    // with all.
    for place in places[low...].prefix(Self.mostCandidates) {
      guard place.ratio <= ratio + width else { break }
      let (tensor, start) = (Int(place.tensor), Int(place.index))
      guard isCompared(tensor, reading.tensor) else { continue }
      if tensor == reading.tensor, reading.order == .rows, start >= index { continue }
      if let found = run(readings[tensor][0], start, reading, index) { return found }
    }
    return nil
  }

  /// The run around two places, if it is one.
  private func run(
    _ first: Reading, _ start: Int, _ second: Reading, _ index: Int
  ) -> Repetition? {
    guard start + Self.length <= first.values.count, index + Self.length <= second.values.count
    else { return nil }
    let window = first.values[start..<start + Self.length]
    // a constant is no draw, and others say so
    guard Set(window).count > 2,
      let largest = window.indices.max(by: { abs(first.values[$0]) < abs(first.values[$1]) })
    else { return nil }
    let size = Double(abs(first.values[largest]))
    let factor = Double(second.values[index + largest - start]) / Double(first.values[largest])
    func isSame(_ offset: Int) -> Bool {
      let (a, b) = (start + offset, index + offset)
      guard a >= 0, b >= 0, a < first.values.count, b < second.values.count else { return false }
      return abs(Double(first.values[a]) * factor - Double(second.values[b]))
        <= Self.tolerance * size * abs(factor)
    }
    guard factor != 0, (0..<Self.length).allSatisfy(isSame) else { return nil }
    var (from, to) = (0, Self.length)
    while isSame(from - 1) { from -= 1 }
    while isSame(to) { to += 1 }
    return Repetition(
      first: names[first.tensor], second: names[second.tensor], firstStart: start + from,
      secondStart: index + from, order: second.order, factor: factor, count: to - from)
  }
}
