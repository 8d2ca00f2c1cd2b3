import Foundation

/// Text from a file of unknown origin.
public struct DecodedText: Sendable {
  /// The text, without a byte order mark.
  public let text: String
  /// The encoding it was read in where that is not UTF-8, for a remark.
  public let otherEncoding: String?

  /// Reads UTF-8, UTF-16 with a byte order mark, or else Windows-1252, which every byte is text in.
  public init(_ data: Data) {
    let mark = Array(data.prefix(3))
    if mark == [0xef, 0xbb, 0xbf], let text = String(validating: data.dropFirst(3), as: UTF8.self) {
      (self.text, otherEncoding) = (text, nil)
    } else if mark.starts(with: [0xff, 0xfe]) || mark.starts(with: [0xfe, 0xff]),
      let text = String(data: data, encoding: .utf16)
    {
      (self.text, otherEncoding) = (text.replacing("\u{feff}", with: ""), "UTF-16")
    } else if let text = String(validating: data, as: UTF8.self) {
      (self.text, otherEncoding) = (text, nil)
    } else {
      // five bytes have no meaning in Windows-1252; Latin-1 has one for each
      let text =
        String(data: data, encoding: .windowsCP1252) ?? String(data: data, encoding: .isoLatin1)
      (self.text, otherEncoding) = (text ?? "", "Windows-1252")
    }
  }
}
