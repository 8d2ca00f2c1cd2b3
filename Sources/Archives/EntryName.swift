import Foundation

/// A file name whose bytes were written by somebody's machine in somebody's encoding.
public struct EntryName: Equatable, Sendable {
  /// How the bytes were read.
  public enum Encoding: String, Codable, Sendable {
    case utf8 = "UTF-8"
    case shiftJIS = "Shift-JIS"
    case cp437 = "CP437"
    case windows1252 = "Windows-1252"
  }

  /// The name, in composed characters: macOS writes "é" as two.
  public let text: String
  /// How its bytes were read.
  public let encoding: Encoding

  /// Reads a name: as UTF-8 where it is that; else as Shift-JIS where that gives Japanese writing;
  /// else as CP437 (DOS, Windows' own zip) or Windows-1252 (Latin-1), whichever gives more letters.
  public init(bytes: [UInt8]) {
    if let utf8 = String(validating: bytes, as: UTF8.self) {
      self.init(utf8, .utf8)
    } else if let japanese = Self.japanese(bytes) {
      self.init(japanese, .shiftJIS)
    } else {
      let dos = Self.text(bytes, Self.cp437)
      let windows = Self.text(bytes, Self.windows1252)
      // On a draw DOS: only zip archives come without an encoding, and the format's own is CP437.
      if Self.oddities(windows) < Self.oddities(dos) {
        self.init(windows, .windows1252)
      } else {
        self.init(dos, .cp437)
      }
    }
  }

  private init(_ text: String, _ encoding: Encoding) {
    self.text = text.precomposedStringWithCanonicalMapping
    self.encoding = encoding
  }

  /// The name as Shift-JIS, if every character beyond ASCII is one that Japanese is written in.
  private static func japanese(_ bytes: [UInt8]) -> String? {
    guard let text = String(data: Data(bytes), encoding: .shiftJIS) else { return nil }
    let foreign = text.unicodeScalars.filter { !$0.isASCII }
    // Half-width katakana are single bytes that any Western name would give as well.
    let isJapanese = foreign.allSatisfy {
      (0x3000...0x30FF).contains($0.value) || (0x4E00...0x9FFF).contains($0.value)
        || (0xFF01...0xFF60).contains($0.value)
    }
    // One kanji alone is more likely two Western letters that happen to follow each other.
    return isJapanese && foreign.count > 1 ? text : nil
  }

  /// Characters beyond ASCII that no Western name has.
  private static func oddities(_ text: String) -> Int {
    text.unicodeScalars.filter {
      !$0.isASCII && !($0.properties.isAlphabetic && (0xC0...0x24F).contains($0.value))
    }.count
  }

  private static func text(_ bytes: [UInt8], _ upperHalf: [Unicode.Scalar]) -> String {
    var scalars = String.UnicodeScalarView()
    for byte in bytes { scalars.append(byte < 128 ? .init(byte) : upperHalf[Int(byte) - 128]) }
    return String(scalars)
  }

  /// Bytes 128 to 255 of the IBM PC's character set.
  private static let cp437 = Array(
    ("ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
      + "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}").unicodeScalars)

  /// The same of Windows' Western character set; where that has none, Latin-1's control codes.
  private static let windows1252: [Unicode.Scalar] = {
    let printable: [UInt8: Unicode.Scalar] = [
      0x80: "€", 0x82: "‚", 0x83: "ƒ", 0x84: "„", 0x85: "…", 0x86: "†", 0x87: "‡", 0x88: "ˆ",
      0x89: "‰", 0x8A: "Š", 0x8B: "‹", 0x8C: "Œ", 0x8E: "Ž", 0x91: "‘", 0x92: "’", 0x93: "“",
      0x94: "”", 0x95: "•", 0x96: "–", 0x97: "—", 0x98: "˜", 0x99: "™", 0x9A: "š", 0x9B: "›",
      0x9C: "œ", 0x9E: "ž", 0x9F: "Ÿ",
    ]
    return (0x80...0xFF).map { printable[$0] ?? Unicode.Scalar($0) }
  }()
}
