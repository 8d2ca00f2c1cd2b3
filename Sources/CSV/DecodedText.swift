import Foundation

/// Text from a file of unknown origin.
public struct DecodedText: Sendable {
  /// The text, without a byte order mark.
  public let text: String
  /// The encoding it was read in where that is not UTF-8, for a remark.
  public let otherEncoding: String?

  /// Reads UTF-8, UTF-16 with or without a byte order mark, or else Mac OS Roman where the bytes look
  /// like it, and Windows-1252, which every byte is text in; nil where a mark says UTF-16 and the bytes
  /// are none.
  public init?(_ data: Data) {
    let bytes = [UInt8](data)
    let isUTF8 = bytes.starts(with: [0xef, 0xbb, 0xbf])
    if let order = Self.order(of: bytes) {
      guard let text = Self.utf16(bytes, order) else { return nil }
      (self.text, otherEncoding) = (text, "UTF-16")
    } else if let text = String(validating: bytes.dropFirst(isUTF8 ? 3 : 0), as: UTF8.self) {
      (self.text, otherEncoding) = (text, nil)
    } else if Self.isMacRoman(bytes) {
      (self.text, otherEncoding) = (Self.macRoman(bytes), "Mac OS Roman")
    } else {
      // five bytes have no meaning in Windows-1252; Latin-1 has one for each
      let text =
        String(data: data, encoding: .windowsCP1252) ?? String(data: data, encoding: .isoLatin1)
      (self.text, otherEncoding) = (text ?? "", "Windows-1252")
    }
  }

  /// The upper half of Mac OS Roman (Apple's `ROMAN.TXT`); Foundation on Linux has another one under
  /// this name.
  private static let macRomanLetters = Array(
    ("ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø"
      + "¿¡¬√ƒ≈∆«»…\u{a0}ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\u{f8ff}ÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ")
      .unicodeScalars)

  private static func macRoman(_ bytes: [UInt8]) -> String {
    var text = String.UnicodeScalarView()
    for byte in bytes {
      text.append(byte < 0x80 ? Unicode.Scalar(byte) : macRomanLetters[Int(byte) - 0x80])
    }
    return String(text)
  }

  /// Whether text that is not UTF-8 is more likely Mac OS Roman than Windows-1252, as Excel for Mac
  /// writes it: its accented letters are where Windows has marks, and letters that nobody writes within
  /// a word of small ones. A letter where Windows has all of its own speaks against it.
  private static func isMacRoman(_ bytes: [UInt8]) -> Bool {
    func isLetter(_ index: Int, _ range: ClosedRange<UInt8>) -> Bool {
      bytes.indices.contains(index) && range.contains(bytes[index])
    }
    var signs = 0
    for index in bytes.indices where bytes[index] >= 0x80 {
      let isInWord =
        isLetter(index - 1, 0x61...0x7a) || isLetter(index + 1, 0x61...0x7a)
        || isLetter(index - 1, 0x41...0x5a)
      guard isInWord else { continue }
      if bytes[index] >= 0xc0 { return false }
      if windowsHasNoSuchLetter.contains(bytes[index]) { signs += 1 }
    }
    let hasMacLines = bytes.contains(0x0d) && !bytes.contains(0x0a)
    return signs > 0 || hasMacLines
  }

  /// ä, å, ç, é, è, ê, í, ö, ü and others of Mac OS Roman; in Windows-1252 undefined, capitals, or
  /// marks that stand in no word.
  private static let windowsHasNoSuchLetter: Set<UInt8> = [
    0x81, 0x82, 0x83, 0x84, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x90, 0x95,
    0x98, 0x99, 0x9b, 0x9d, 0x9f,
  ]

  private enum ByteOrder { case little, big }

  /// The order of UTF-16, by its mark or because every other byte of what is mostly ASCII is zero.
  private static func order(of bytes: [UInt8]) -> ByteOrder? {
    if bytes.starts(with: [0xff, 0xfe]) { return .little }
    if bytes.starts(with: [0xfe, 0xff]) { return .big }
    guard bytes.count >= 4, bytes.count.isMultiple(of: 2) else { return nil }
    let zeros = bytes.indices.filter { bytes[$0] == 0 }
    guard zeros.count > bytes.count / 4 else { return nil }
    let odd = zeros.count { !$0.isMultiple(of: 2) }
    return odd == zeros.count ? .little : odd == 0 ? .big : nil
  }

  private static func utf16(_ bytes: [UInt8], _ order: ByteOrder) -> String? {
    guard bytes.count.isMultiple(of: 2) else { return nil }
    let units = stride(from: 0, to: bytes.count, by: 2).map { index in
      let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
      return order == .big ? first << 8 | second : second << 8 | first
    }
    let text = units.first == 0xfeff ? units.dropFirst() : units[...]
    return String(validating: text, as: UTF16.self)
  }
}
