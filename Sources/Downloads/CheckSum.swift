import Files
import Foundation

/// SHA-256 sums, which say whether a file is the published one.
public enum CheckSum {
  /// The sum of a file, 64 hexadecimal digits.
  ///
  /// - Throws: `DownloadError.noSum` where it cannot be read.
  public static func sha256(ofFile path: String) throws -> String {
    guard let sum = SHA256.sum(ofFile: path) else { throw DownloadError.noSum(path: path) }
    return sum
  }

  /// The text as a sum in small letters; nil when it is none.
  public static func normalised(_ text: String) -> String? {
    let digits = text.lowercased()
    return digits.utf8.count == 64 && digits.allSatisfy(\.isHexDigit) ? digits : nil
  }

  /// The sum of `name` in a list as `sha256sum` writes it: a line `SUM  NAME` for each file, with
  /// a `*` before the name for binary files.
  static func published(for name: String, in list: String) -> String? {
    for line in list.split(whereSeparator: \.isNewline) {
      guard let blank = line.firstIndex(of: " "), let sum = normalised(String(line[..<blank]))
      else { continue }
      var listed = line[blank...].drop { $0 == " " || $0 == "*" }
      if listed.hasPrefix("./") { listed = listed.dropFirst(2) }
      if listed == name { return sum }
    }
    return nil
  }
}
