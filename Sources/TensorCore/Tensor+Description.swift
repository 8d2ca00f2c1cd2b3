extension Tensor: CustomStringConvertible {
  /// The name and the shape, then the elements as NumPy prints an array: nested brackets, columns
  /// aligned, as few digits as tell the numbers apart (eight after the point at most), and only the
  /// ends of long axes.
  ///
  /// Source: NumPy's `array_str` with its default print options.
  public var description: String {
    let name = label.map { "\($0) " } ?? ""
    let heading = "Tensor \(name)\(shape)" + (requiresGrad ? ", requires grad" : "")
    return heading + "\n" + TensorText(shape: shape, elements: array).text
  }
}

/// The elements of a tensor as NumPy would print them.
struct TensorText {
  /// More elements than these are not all shown, but `edge` at both ends of each axis.
  private static let mostElements = 1000
  private static let edge = 3
  private static let lineWidth = 75

  private let shape: [Int]
  private let elements: [Float]
  private let isShortened: Bool
  private var width = 0
  private var format: (Float) -> String = { "\($0)" }

  init(shape: Shape, elements: [Float]) {
    self.shape = shape.dimensions
    self.elements = elements
    isShortened = elements.count > Self.mostElements
    let shown = self.shownElements(0, 0)
    format = NumberFormat(shown).text
    width = shown.map { format($0).count }.max() ?? 0
  }

  var text: String {
    if shape.isEmpty { return elements.first.map { format($0) } ?? "" }
    return elements.isEmpty ? "[]" : nested(axis: 0, offset: 0, indent: 1)
  }

  /// The positions along an axis that are shown; `nil` stands for those left out.
  private func positions(_ axis: Int) -> [Int?] {
    let size = shape[axis]
    guard isShortened, size > 2 * Self.edge else { return Array(0..<size) }
    return Array(0..<Self.edge) + [nil] + Array((size - Self.edge)..<size)
  }

  private func stride(_ axis: Int) -> Int { shape[(axis + 1)...].reduce(1, *) }

  private func shownElements(_ axis: Int, _ offset: Int) -> [Float] {
    if axis == shape.count { return elements.isEmpty ? [] : [elements[offset]] }
    return positions(axis).compactMap(\.self).flatMap {
      shownElements(axis + 1, offset + $0 * stride(axis))
    }
  }

  private func nested(axis: Int, offset: Int, indent: Int) -> String {
    if axis == shape.count - 1 { return row(offset: offset, indent: indent) }
    let parts = positions(axis).map { position in
      position.map {
        nested(axis: axis + 1, offset: offset + $0 * stride(axis), indent: indent + 1)
      }
        ?? "..."
    }
    let gap = String(repeating: "\n", count: shape.count - 1 - axis)
    return "[" + parts.joined(separator: gap + String(repeating: " ", count: indent)) + "]"
  }

  /// One row, broken where it would be longer than a line.
  private func row(offset: Int, indent: Int) -> String {
    let words = positions(shape.count - 1).map { position in
      position.map { index in
        let word = format(elements[offset + index])
        return String(repeating: " ", count: width - word.count) + word
      } ?? "..."
    }
    // the closing brackets need their room on the last line
    let room = Self.lineWidth - shape.count
    var (lines, line): ([String], String) = ([], "")
    for (index, word) in words.enumerated() {
      let limit = index == words.count - 1 ? room : Self.lineWidth - 1
      let length = indent + line.count + word.count + (line.isEmpty ? 0 : 1)
      if !line.isEmpty, length > limit {
        lines.append(line)
        line = word
      } else {
        line += (line.isEmpty ? "" : " ") + word
      }
    }
    lines.append(line)
    return "[" + lines.joined(separator: "\n" + String(repeating: " ", count: indent)) + "]"
  }
}

/// One way of writing for all numbers of a tensor, so that their points stand below each other.
private struct NumberFormat {
  private static let mostDigits = 8

  private let isScientific: Bool
  /// Digits after the point that the longest number needs.
  private let fraction: Int
  private let exponentDigits: Int

  init(_ numbers: [Float]) {
    let finite = numbers.filter(\.isFinite)
    let sizes = finite.map { Swift.abs($0) }.filter { $0 > 0 }
    let (largest, smallest) = (sizes.max() ?? 0, sizes.min() ?? 0)
    isScientific =
      largest >= 1e8 || (!sizes.isEmpty && (smallest < 1e-4 || largest / smallest > 1000))
    let decimals = finite.map(Decimal.init)
    if isScientific {
      fraction = Swift.min(decimals.map { $0.digits.count - 1 }.max() ?? 0, Self.mostDigits)
      exponentDigits = Swift.max(decimals.map { "\(Swift.abs($0.exponent))".count }.max() ?? 2, 2)
    } else {
      fraction = Swift.min(
        decimals.map { Swift.max($0.digits.count - 1 - $0.exponent, 0) }.max() ?? 0,
        Self.mostDigits)
      exponentDigits = 0
    }
  }

  func text(_ number: Float) -> String {
    guard number.isFinite else { return number.isNaN ? "nan" : (number < 0 ? "-inf" : "inf") }
    let sign = number.sign == .minus ? "-" : ""
    let decimal = Decimal(number)
    if isScientific {
      let rounded = decimal.rounded(toDigits: fraction + 1)
      let digits = rounded.digits.map(String.init).joined()
      let after = digits.dropFirst() + String(repeating: "0", count: fraction + 1 - digits.count)
      let exponent = "\(Swift.abs(rounded.exponent))"
      let zeros = String(repeating: "0", count: exponentDigits - exponent.count)
      return sign
        + "\(digits.prefix(1)).\(after)e\(rounded.exponent < 0 ? "-" : "+")\(zeros)\(exponent)"
    }
    let rounded = decimal.rounded(toDigits: decimal.exponent + 1 + fraction)
    // the digits as a number with `exponent` places before the point
    var whole = ""
    for place in 0...Swift.max(rounded.exponent, 0) where rounded.exponent >= 0 {
      whole += place < rounded.digits.count ? "\(rounded.digits[place])" : "0"
    }
    var after = String(repeating: "0", count: Swift.max(-rounded.exponent - 1, 0))
    after += rounded.digits.dropFirst(Swift.max(rounded.exponent + 1, 0)).map(String.init).joined()
    while after.last == "0" { after.removeLast() }
    let padding = String(repeating: " ", count: Swift.max(fraction - after.count, 0))
    return sign + (whole.isEmpty ? "0" : whole) + "." + after + padding
  }
}

/// The fewest digits that tell a number from its neighbours: `d.ddd · 10^exponent`.
private struct Decimal {
  var digits: [Int]
  var exponent: Int

  init(_ number: Float) {
    // Swift writes a float with the fewest digits that read back as the same number
    let parts = "\(Swift.abs(number))".split(separator: "e")
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let shift = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let all = mantissa.joined().compactMap(\.wholeNumberValue)
    let leading = all.prefix { $0 == 0 }.count
    var digits = Array(all.dropFirst(leading))
    while digits.last == 0, digits.count > 1 { digits.removeLast() }
    self.digits = digits.isEmpty ? [0] : digits
    exponent = digits.isEmpty ? 0 : mantissa[0].count - 1 - leading + shift
  }

  /// The number to so many digits; halves go to the even digit.
  func rounded(toDigits count: Int) -> Decimal {
    guard count < digits.count else { return self }
    var result = self
    guard count >= 0 else {
      result.digits = [0]
      result.exponent = 0
      return result
    }
    let dropped = digits[count...]
    result.digits = Array(digits[..<count])
    let isHalf = dropped.first == 5 && dropped.dropFirst().allSatisfy { $0 == 0 }
    let roundsUp = isHalf ? (result.digits.last ?? 0) % 2 == 1 : (dropped.first ?? 0) >= 5
    if roundsUp {
      var place = count - 1
      while place >= 0, result.digits[place] == 9 {
        result.digits[place] = 0
        place -= 1
      }
      if place >= 0 {
        result.digits[place] += 1
      } else {
        result.digits.insert(1, at: 0)
        result.exponent += 1
      }
    }
    while result.digits.last == 0, result.digits.count > 1 { result.digits.removeLast() }
    if result.digits.isEmpty { result.digits = [0] }
    if result.digits == [0] { result.exponent = 0 }
    return result
  }
}
