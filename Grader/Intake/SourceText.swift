import Foundation

/// A text file's bytes as UTF-8 with Unix line ends, whatever the editor wrote.
///
/// Lines keep their numbers, so the compiler's messages fit the student's file.
enum SourceText {
  /// The text and what there is to say about how it was read; nil if it is no text.
  static func read(_ bytes: [UInt8]) -> (text: String, remark: String?)? {
    guard let (text, remark) = decode(bytes), !text.unicodeScalars.contains("\0") else {
      return nil
    }
    // Swift sees "\r\n" as one character.
    let lines = String(text.map { $0 == "\r\n" || $0 == "\r" ? "\n" : $0 })
    return (lines, remark)
  }

  private static func decode(_ bytes: [UInt8]) -> (String, String?)? {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      return String(validating: bytes.dropFirst(3), as: UTF8.self).map { ($0, nil) }
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      return utf16(bytes.dropFirst(2), bigEndian: bytes[0] == 0xFE)
    }
    // Source in UTF-16 without a mark: every other byte of ASCII is zero.
    if bytes.count >= 4, bytes.count.isMultiple(of: 2) {
      let zeros = bytes.indices.filter { bytes[$0] == 0 }
      let odd = zeros.count { !$0.isMultiple(of: 2) }
      if odd > bytes.count / 4, zeros.count == odd { return utf16(bytes[...], bigEndian: false) }
      if zeros.count > bytes.count / 4, odd == 0 { return utf16(bytes[...], bigEndian: true) }
    }
    if let text = String(validating: bytes, as: UTF8.self) { return (text, nil) }
    return String(bytes: bytes, encoding: .windowsCP1252).map {
      ($0, "is not in UTF-8 and was read as Windows-1252 (Latin-1)")
    }
  }

  private static func utf16(_ bytes: ArraySlice<UInt8>, bigEndian: Bool) -> (String, String?)? {
    guard bytes.count.isMultiple(of: 2) else { return nil }
    let units = stride(from: bytes.startIndex, to: bytes.endIndex, by: 2).map {
      let (first, second) = (UInt16(bytes[$0]), UInt16(bytes[$0 + 1]))
      return bigEndian ? first << 8 | second : second << 8 | first
    }
    return String(validating: units, as: UTF16.self).map {
      ($0, "is in UTF-16 and was read as that")
    }
  }
}
