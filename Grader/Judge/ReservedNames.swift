import Foundation

/// Finds parts of the core in files whose task is to write them.
///
/// A task to write an LSTM is not done by a call of the core's. Comments and strings do not count.
public enum ReservedNames {
  /// The first reserved name that a file must not use, or nil.
  ///
  /// - Parameters:
  ///   - reserved: name → the files that may use it; they may not give it another name. `.lstm` is
  ///     a member, `lstm W_x` a call with that label.
  public static func violation(
    in text: String, file: String, reserved: [String: [String]]
  ) -> String? {
    let words = words(of: text)
    for (name, files) in reserved.sorted(by: { $0.key < $1.key }) {
      let parts = name.split(separator: " ").map(String.init)
      let uses = words.indices.filter { words[$0...].starts(with: parts, by: isUse) }
      guard !uses.isEmpty else { continue }
      if !files.contains(file) { return name }
      // typealias Mine = BuiltinLSTM; class Mine: BuiltinLSTM
      let isRenamed = uses.contains { index in
        words[..<index].suffix(2).contains { ["typealias", "class", "extension"].contains($0) }
      }
      if isRenamed { return name }
    }
    return nil
  }

  /// A member is also a name, a name alone is no member.
  private static func isUse(_ word: String, _ part: String) -> Bool {
    word == part || word == "." + part
  }

  /// Identifiers in order, those after a dot with the dot; what stands in comments and string
  /// literals is left out.
  private static func words(of text: String) -> [String] {
    let code = text.replacing(#/"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*[\s\S]*?\*//#) { _ in
      " "
    }
    return code.matches(of: #/\.?\s*[\p{L}_][\p{L}\p{N}_]*/#).map {
      String(code[$0.range].filter { !$0.isWhitespace })
    }
  }
}
