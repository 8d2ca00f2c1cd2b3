import CSV
import Foundation

/// A text file's bytes as UTF-8 with Unix line ends, whatever the editor wrote.
///
/// Lines keep their numbers, so the compiler's messages fit the student's file.
enum SourceText {
  /// The text and what there is to say about how it was read; nil if it is no text.
  static func read(_ bytes: [UInt8]) -> (text: String, remark: String?)? {
    guard let decoded = DecodedText(Data(bytes)), !decoded.text.unicodeScalars.contains("\0") else {
      return nil
    }
    // Swift sees "\r\n" as one character.
    let lines = String(decoded.text.map { $0 == "\r\n" || $0 == "\r" ? "\n" : $0 })
    return (lines, decoded.otherEncoding.map { "is not in UTF-8 and was read as \($0)" })
  }
}
