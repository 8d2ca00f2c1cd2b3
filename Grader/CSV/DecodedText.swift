import Foundation

/// Text from a file of unknown origin.
public struct DecodedText: Sendable {
  /// The text, without a byte order mark.
  public let text: String
  /// The encoding it was read in where that is not UTF-8, for a remark.
  public let otherEncoding: String?

  /// Reads UTF-8, UTF-16 with or without a byte order mark, or else Windows-1252, which every byte is
  /// text in; nil where a mark says UTF-16 and the bytes are none.
  public init?(_ data: Data) {
    let bytes = [UInt8](data)
    let isUTF8 = bytes.starts(with: [0xef, 0xbb, 0xbf])
    if let order = Self.order(of: bytes) {
      guard let text = Self.utf16(bytes, order) else { return nil }
      (self.text, otherEncoding) = (text, "UTF-16")
    } else if let text = String(validating: bytes.dropFirst(isUTF8 ? 3 : 0), as: UTF8.self) {
      (self.text, otherEncoding) = (text, nil)
    } else {
      // five bytes have no meaning in Windows-1252; Latin-1 has one for each
      let text =
        String(data: data, encoding: .windowsCP1252) ?? String(data: data, encoding: .isoLatin1)
      (self.text, otherEncoding) = (text ?? "", "Windows-1252")
    }
  }

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
