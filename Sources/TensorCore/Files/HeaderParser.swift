/// Reads the JSON header of a safetensors file: an object of objects with `dtype`, `shape` and
/// `data_offsets`, and `__metadata__`, an object of strings. Written by hand so that the core needs no
/// Foundation; strict, as RFC 8259 and the format have it: each key once, all three and no other, text in
/// UTF-8, spaces alone behind it.
struct HeaderParser {
  struct Item {
    var name: String
    var type = ""
    var shape: [Int] = []
    var start = -1
    var end = -1
  }

  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = Array(bytes) }

  /// The items, or `nil` when the header is malformed.
  mutating func parse() -> [Item]? {
    var items: [Item] = []
    var hasMetadata = false
    guard bytes.first == UInt8(ascii: "{") else { return nil }
    let isWhole = object { parser, name in
      if name == "__metadata__" {
        guard !hasMetadata else { return false }
        hasMetadata = true
        var keys: Set<String> = []
        return parser.object { parser, key in
          keys.insert(key).inserted && parser.string() != nil
        }
      }
      guard let item = parser.item(name) else { return false }
      items.append(item)
      return true
    }
    guard isWhole, bytes[position...].allSatisfy({ $0 == UInt8(ascii: " ") }) else { return nil }
    return items
  }

  private mutating func item(_ name: String) -> Item? {
    var item = Item(name: name)
    var keys: Set<String> = []
    let isWhole = object { parser, key in
      guard keys.insert(key).inserted else { return false }
      switch key {
      case "dtype":
        guard let type = parser.string() else { return false }
        item.type = type
      case "shape":
        guard let shape = parser.integers() else { return false }
        item.shape = shape
      case "data_offsets":
        guard let offsets = parser.integers(), offsets.count == 2 else { return false }
        (item.start, item.end) = (offsets[0], offsets[1])
      default: return false
      }
      return true
    }
    return isWhole && keys.count == 3 ? item : nil
  }

  /// Reads an object; `value` reads the value of each key and says whether it is as it should be.
  private mutating func object(_ value: (inout HeaderParser, String) -> Bool) -> Bool {
    guard take("{") else { return false }
    if take("}") { return true }
    repeat {
      guard let key = string(), take(":"), value(&self, key) else { return false }
    } while take(",")
    return take("}")
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) {
      position += 1
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func integers() -> [Int]? {
    guard take("[") else { return nil }
    var values: [Int] = []
    if take("]") { return values }
    repeat {
      skipSpace()
      let start = position
      while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
      let digits = bytes[start..<position]
      // JSON has no leading zeros
      guard digits.count == 1 || digits.first != UInt8(ascii: "0"),
        let value = Int(String(decoding: digits, as: UTF8.self))
      else { return nil }
      values.append(value)
    } while take(",")
    return take("]") ? values : nil
  }

  private mutating func string() -> String? {
    guard take("\"") else { return nil }
    var text: [UInt8] = []
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      if bytes[position] == UInt8(ascii: "\\") {
        guard let scalar = escape() else { return nil }
        text.append(contentsOf: String(scalar).utf8)
      } else {
        guard bytes[position] >= 0x20 else { return nil }
        text.append(bytes[position])
        position += 1
      }
    }
    guard position < bytes.count else { return nil }
    position += 1
    return String(validating: text, as: UTF8.self)
  }

  /// The scalar of an escape, whose backslash is the next byte. Half of a surrogate pair is none.
  private mutating func escape() -> Unicode.Scalar? {
    position += 1
    guard position < bytes.count else { return nil }
    let kind = bytes[position]
    position += 1
    switch kind {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(kind)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      guard let first = hexadecimal() else { return nil }
      guard (0xD800...0xDBFF).contains(first) else { return Unicode.Scalar(first) }
      guard bytes[position...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else {
        return nil
      }
      position += 2
      guard let second = hexadecimal(), (0xDC00...0xDFFF).contains(second) else { return nil }
      return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    default: return nil
    }
  }

  private mutating func hexadecimal() -> UInt32? {
    guard bytes.count - position >= 4 else { return nil }
    var value: UInt32 = 0
    for byte in bytes[position..<(position + 4)] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        return nil
      }
      value = value << 4 | UInt32(digit)
    }
    position += 4
    return value
  }

  /// A name as a JSON string.
  static func quoted(_ name: String) -> String {
    var result = "\""
    for scalar in name.unicodeScalars {
      if scalar.value < 0x20 {
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        continue
      }
      if scalar == "\"" || scalar == "\\" { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
    return result + "\""
  }
}
