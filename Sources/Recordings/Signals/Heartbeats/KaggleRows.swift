import Foundation

/// The rows of one of Kaggle's tables.
package struct KaggleRows: Sendable, Equatable {
  /// All values, a row after another.
  package private(set) var values: [Float] = []
  /// The class of each row.
  package private(set) var classes: [UInt8] = []

  /// What is wrong with a table.
  package struct Damage: Error {
    package let line: Int
    package let problem: String
  }

  /// Reads a table. Lines may end as they like.
  ///
  /// - Throws: what is wrong in which line.
  package init(_ bytes: [UInt8]) throws(Damage) {
    // a value takes 25 bytes and may take two
    let expected = bytes.count / (25 * (HeartbeatRows.width + 1))
    values.reserveCapacity(expected * HeartbeatRows.width)
    classes.reserveCapacity(expected)
    try bytes.withUnsafeBufferPointer { bytes throws(Damage) in
      guard let start = bytes.baseAddress else { return }
      var cursor = NumberCursor(place: start, end: start + bytes.count)
      var line = 0
      while cursor.place < cursor.end {
        line += 1
        if cursor.skipLineEnd() { continue }
        try readRow(&cursor, line: line)
      }
    }
  }

  private mutating func readRow(_ cursor: inout NumberCursor, line: Int) throws(Damage) {
    func damaged(_ problem: String) -> Damage { Damage(line: line, problem: problem) }
    let width = HeartbeatRows.width
    for column in 0...width {
      if column > 0, !cursor.skip(UInt8(ascii: ",")) {
        throw damaged(
          cursor.isAtLineEnd
            ? "it has \(column) numbers, not \(width + 1)"
            : "after number \(column) comes no comma")
      }
      guard let value = cursor.number() else { throw damaged("number \(column + 1) is none") }
      if column < width {
        values.append(value)
      } else {
        guard let number = UInt8(exactly: value),
          HeartbeatClass.allCases.indices.contains(Int(number))
        else { throw damaged("its class is \(value), and there are 0 to 4") }
        classes.append(number)
      }
    }
    guard cursor.isAtLineEnd else { throw damaged("it has more than \(width + 1) numbers") }
    _ = cursor.skipLineEnd()
  }
}

/// Reads decimal numbers one after another.
private struct NumberCursor {
  var place: UnsafePointer<UInt8>
  let end: UnsafePointer<UInt8>

  var isAtLineEnd: Bool { place == end || place.pointee == 10 || place.pointee == 13 }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard place < end, place.pointee == byte else { return false }
    place += 1
    return true
  }

  /// Passes the end of a line; false where there is none.
  mutating func skipLineEnd() -> Bool {
    let carriage = skip(13)
    return skip(10) || carriage
  }

  /// 10 to the power of 0 to 22, each without an error.
  private static let powers: [Double] = (0...22).map { pow(10, Double($0)) }

  /// The nearest 32-bit number, as one gets it by way of a double-precision one; nil where there is none, or
  /// it is not finite.
  mutating func number() -> Float? {
    let first = place
    let isNegative = skip(UInt8(ascii: "-"))
    var (digits, mantissa, exponent) = (0, UInt64(0), 0)
    var hasPoint = false
    while place < end {
      let byte = place.pointee
      if byte &- 48 < 10 {
        digits += 1
        // of more digits than fit the others are left to strtod
        if digits <= 19 { mantissa = mantissa &* 10 &+ UInt64(byte &- 48) }
        if hasPoint { exponent -= 1 }
      } else if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else {
        break
      }
      place += 1
    }
    guard digits > 0 else { return nil }
    if place < end, place.pointee | 32 == UInt8(ascii: "e") {
      place += 1
      let isDown = skip(UInt8(ascii: "-"))
      if !isDown { _ = skip(UInt8(ascii: "+")) }
      var (count, value) = (0, 0)
      while place < end, place.pointee &- 48 < 10 {
        if value < 100_000 { value = value * 10 + Int(place.pointee &- 48) }
        place += 1
        count += 1
      }
      guard count > 0 else { return nil }
      exponent += isDown ? -value : value
    }
    if mantissa == 0, digits <= 19 { return isNegative ? -0.0 : 0 }
    guard digits <= 19, (-22...22).contains(exponent) else { return exact(first) }
    let power = Self.powers[abs(exponent)]
    let value = exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
    // two roundings move it by two units in the last place at most: where that could change the rounding to
    // 32 bits, the long way
    let rest = Int(value.bitPattern & 0x1FFF_FFFF) - 0x1000_0000
    guard abs(rest) > 4 else { return exact(first) }
    let rounded = Float(value)
    return rounded.isFinite ? (isNegative ? -rounded : rounded) : nil
  }

  private func exact(_ first: UnsafePointer<UInt8>) -> Float? {
    let text = String(
      decoding: UnsafeBufferPointer(start: first, count: place - first), as: UTF8.self)
    guard let value = Double(text) else { return nil }
    let rounded = Float(value)
    return rounded.isFinite ? rounded : nil
  }
}
