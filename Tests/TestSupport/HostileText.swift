/// Texts that are hard to write into another language and to read from it.
public enum HostileText {
  /// What a language may take for its own.
  private static let signs = Array("\"'`\\/&<>|,;:=+-@%$#*_[](){}!~^ .".unicodeScalars)
  /// What hides the character before it from who reads characters: marks, joiners, a variant, a tone.
  private static let hiding: [Unicode.Scalar] = [
    "\u{301}", "\u{338}", "\u{20DD}", "\u{200D}", "\u{FE0F}", "\u{1F3FB}",
  ]

  /// All of them.
  public static let all: [String] = {
    var texts = signs.flatMap { sign in
      hiding.flatMap { mark -> [String] in
        let hidden = String(String.UnicodeScalarView([sign, mark]))
        return ["a\(hidden)b", hidden, "\(sign)\(hidden)\(sign)", "\(mark)\(hidden)\(hidden)c"]
      }
    }
    // controls, ends of lines that not everybody takes for such, directions of writing
    let unseen =
      Array(UInt32(0)...0x1F) + Array(0x7F...0x9F) + Array(0x202A...0x202E) + Array(0x2066...0x2069)
      + [0x61C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0xFFFD, 0xFFFE, 0x10FFFF, 0xE0001]
    for scalar in unseen.compactMap(Unicode.Scalar.init) {
      texts += ["a\(scalar)b", "\(scalar)=1", "x\(scalar)\"\(scalar)<b>"]
    }
    return texts
      + ["a\r\nb", "\r\n", "a\n\rb", "\"\"\"", "'" + "''", "```\u{301}\n", "-->\u{301}", "]]>"]
  }()
}
