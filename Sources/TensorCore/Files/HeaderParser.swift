/// Reads the JSON header of a safetensors file: an object of objects with `dtype`, `shape` and
/// `data_offsets`. Written by hand so that the core needs no Foundation.
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
    guard take("{") else { return nil }
    if take("}") { return isAtEnd() ? items : nil }
    repeat {
      guard let name = string(), take(":"), take("{") else { return nil }
      var item = Item(name: name)
      if !take("}") {
        repeat {
          guard let key = string(), take(":") else { return nil }
          // the keys of "__metadata__" are anybody's
          switch name == "__metadata__" ? "" : key {
          case "dtype":
            guard let type = string() else { return nil }
            item.type = type
          case "shape":
            guard let shape = integers() else { return nil }
            item.shape = shape
          case "data_offsets":
            guard let offsets = integers(), offsets.count == 2 else { return nil }
            (item.start, item.end) = (offsets[0], offsets[1])
          default:
            // values of other keys can only be strings
            guard string() != nil else { return nil }
          }
        } while take(",")
        guard take("}") else { return nil }
      }
      if name != "__metadata__" { items.append(item) }
    } while take(",")
    return take("}") && isAtEnd() ? items : nil
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) {
      position += 1
    }
  }

  private mutating func isAtEnd() -> Bool {
    skipSpace()
    return position == bytes.count
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
      _ = take(" ")
      let start = position
      while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
      guard let value = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
        return nil
      }
      values.append(value)
    } while take(",")
    return take("]") ? values : nil
  }

  private mutating func string() -> String? {
    guard take("\"") else { return nil }
    var text: [UInt8] = []
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      if bytes[position] == UInt8(ascii: "\\") {
        position += 1
        // names that the writer below makes need no other escapes
        guard position < bytes.count, [0x22, 0x5C, 0x2F].contains(bytes[position]) else {
          return nil
        }
      }
      text.append(bytes[position])
      position += 1
    }
    guard position < bytes.count else { return nil }
    position += 1
    return String(decoding: text, as: UTF8.self)
  }

  /// A name as a JSON string. Control characters, which no name of ours has, are left out.
  static func quoted(_ name: String) -> String {
    var result = "\""
    for scalar in name.unicodeScalars where scalar.value >= 0x20 {
      if scalar == "\"" || scalar == "\\" { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
    return result + "\""
  }
}
