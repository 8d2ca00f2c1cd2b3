import Glibc

extension Tensor: CustomStringConvertible {
  /// The name and the shape, then the elements as NumPy prints an array: nested brackets, columns
  /// aligned, as few digits as tell the numbers apart (eight after the point at most), and only the
  /// ends of long axes.
  ///
  /// Source: NumPy's `array_str` with its default print options, as of version 2.3, which writes
  /// float32 from a million on with exponents.
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
    if shape.isEmpty { return elements.first.map(NumberFormat.scalarText) ?? "" }
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
    if elements.isEmpty { return [] }
    if axis == shape.count { return [elements[offset]] }
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
    // the closing brackets need their room, and NumPy leaves it on every line
    let room = Self.lineWidth - shape.count
    var (lines, line): ([String], String) = ([], "")
    for word in words {
      if !line.isEmpty, indent + line.count + 1 + word.count > room {
        while line.last == " " { line.removeLast() }
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

  init(_ numbers: [Float]) {
    let finite = numbers.filter(\.isFinite)
    let sizes = finite.map { Swift.abs(exact($0)) }.filter { $0 > 0 }
    let (largest, smallest) = (sizes.max() ?? 0, sizes.min() ?? 1)
    isScientific =
      largest >= 1e6 || smallest < exact(1e-4) || Float(largest / smallest) > 1000
    fraction =
      isScientific
      ? finite.map { ShortestDigits($0).count - 1 }.max() ?? 0
      : finite.map { Self.digitsAfterPoint(of: Self.positional($0)) }.max() ?? 0
  }

  func text(_ number: Float) -> String {
    guard number.isFinite else { return Self.textOfInfinite(number) }
    if isScientific {
      let text = printed("%.*e", fraction, number)
      return fraction > 0 ? text : text.replacing("e", with: ".e", maxReplacements: 1)
    }
    let text = Self.positional(number)
    return text + String(repeating: " ", count: fraction - Self.digitsAfterPoint(of: text))
  }

  /// A number on its own, as Python writes it: `1.0`, `1e-05`.
  static func scalarText(_ number: Float) -> String {
    guard number.isFinite else { return textOfInfinite(number) }
    let (digits, size) = (ShortestDigits(number), Swift.abs(exact(number)))
    guard size == 0 || (size >= 1e-4 && size < 1e6) else {
      return printed("%.*e", digits.count - 1, number)
    }
    return printed("%.*f", Swift.max(digits.afterPoint, 1), number)
  }

  private static func textOfInfinite(_ number: Float) -> String {
    number.isNaN ? "nan" : (number < 0 ? "-inf" : "inf")
  }

  /// Digits and a point, without zeros at the end.
  private static func positional(_ number: Float) -> String {
    let places = Swift.min(ShortestDigits(number).afterPoint, mostDigits)
    if places == 0 { return printed("%.*f", 0, number) + "." }
    var text = printed("%.*f", places, number)
    while text.last == "0" { text.removeLast() }
    return text
  }

  private static func digitsAfterPoint(of text: String) -> Int {
    text.count - 1
      - (text.firstIndex(of: ".").map { text.distance(from: text.startIndex, to: $0) } ?? 0)
  }
}

/// The number with more digits; by its bits, because the kernels tell the processor to take numbers
/// below 1.2e-38 for zero.
private func exact(_ number: Float) -> Double {
  guard number.isSubnormal else { return Double(number) }
  let size = Double(number.significandBitPattern) * 0x1p-149
  return number.sign == .minus ? -size : size
}

/// The number to so many places, rounded from its exact value by C's `printf`.
private func printed(_ format: String, _ places: Int, _ number: Float) -> String {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
    guard let start = buffer.baseAddress else { return "" }
    _ = withVaList([Int32(places), exact(number)]) { vsnprintf(start, buffer.count, format, $0) }
    return String(cString: start)
  }
}

/// How many digits tell a number from its neighbours, and where its point is.
private struct ShortestDigits {
  let count: Int
  /// Of the count, those after the point.
  let afterPoint: Int

  init(_ number: Float) {
    // Swift writes a float with the fewest digits that read back as the same number
    let parts = "\(Swift.abs(number))".split(separator: "e")
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let shift = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let leading = mantissa.joined().drop { $0 == "0" }
    let zeros = leading.reversed().prefix { $0 == "0" }.count
    count = Swift.max(leading.count - zeros, 1)
    let last = mantissa.count > 1 ? mantissa[1].count : 0
    afterPoint = leading.isEmpty ? 0 : Swift.max(last - zeros - shift, 0)
  }
}
