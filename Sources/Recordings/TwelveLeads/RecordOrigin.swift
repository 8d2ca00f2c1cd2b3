/// Which hospital's set a record of twelve leads belongs to.
enum RecordOrigin {
  static let synthetic = "synthetic"
  static let otherSynthetic = "synthetic, another device"
  static let ptbXL = "PTB-XL"

  /// Whether a set is one of the synthetic ones.
  static func isSynthetic(_ set: String) -> Bool { [synthetic, otherSynthetic].contains(set) }

  /// The first of the letters of names, by set; `JS` is two sets.
  private static let sets = [
    "A": "CPSC", "Q": "CPSC-Extra", "I": "St Petersburg", "S": "PTB", "HR": ptbXL, "E": "Georgia",
    "X": synthetic, "Y": otherSynthetic,
  ]
  /// The last number of the records of Chapman and Shaoxing; Ningbo's follow.
  private static let lastOfChapman = 10646

  /// The set of a record's name, such as `HR00599` or PTB-XL's own `00599_lr`; `unknown` for other names.
  static func set(of name: String) -> String {
    let letters = name.prefix { $0.isASCII && $0.isUppercase }
    let rest = name.dropFirst(letters.count)
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    if letters.isEmpty, !digits.isEmpty, ["_lr", "_hr"].contains(rest.dropFirst(digits.count)) {
      return ptbXL
    }
    guard let number = Int(digits), digits.count == rest.count else { return "unknown" }
    if letters == "JS" { return number <= lastOfChapman ? "Chapman-Shaoxing" : "Ningbo" }
    return sets[String(letters)] ?? "unknown"
  }
}
