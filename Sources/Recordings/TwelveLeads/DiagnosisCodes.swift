/// Diagnoses by their codes of SNOMED CT, as the Challenge 2021 writes them into headers.
enum DiagnosisCodes {
  /// The pairs that the challenge scores as the same (Reyna et al. 2021): the first counts as the second.
  private static let merged = [
    "713427006": "59118001", "63593006": "284470004", "17338001": "427172004",
    "733534002": "164909002",
  ]

  /// Codes as they are written, merged, each once, in the order of the first.
  static func merged(_ codes: some Sequence<some StringProtocol>) -> [String] {
    var seen: Set<String> = []
    return codes.map { code in
      let code = code.trimmed
      return merged[code] ?? code
    }.filter { !$0.isEmpty && seen.insert($0).inserted }
  }

  /// The codes of a header, from the line `#Dx: 426783006,164889003`, with or without a blank after the mark.
  static func inComments(_ comments: [String]) -> [String] {
    merged((value(of: "Dx", in: comments) ?? "").split(separator: ","))
  }

  /// What a comment says of a name: `Dx: 426783006`.
  static func value(of name: String, in comments: [String]) -> String? {
    for comment in comments {
      let parts = comment.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2, parts[0].trimmed == name { return parts[1].trimmed }
    }
    return nil
  }
}

extension StringProtocol {
  /// The text without blanks around it.
  var trimmed: String {
    let scalars = unicodeScalars.drop { $0.properties.isWhitespace }
    var text = String.UnicodeScalarView(scalars)
    while text.last?.properties.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
