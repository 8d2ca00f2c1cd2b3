import Foundation

/// Which of the manifest's files a file's name stands for.
struct FileName {
  /// How the name differs from the manifest's; smaller is closer.
  enum Closeness: Int, Comparable {
    /// Not at all.
    case exact
    /// In case, as `lstm.swift`.
    case otherCase
    /// By a number or a word that browsers, platforms and people add: `LSTM (1).swift`,
    /// `LSTM-2.swift`, `LSTM - Copy.swift`, `LSTM copy 2.swift`.
    case copy
    /// By an extension that Windows hides: `LSTM.swift.txt`.
    case hiddenExtension

    static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  }

  /// The manifest's name.
  let wanted: String
  let closeness: Closeness
  /// The copy's number; 0 for the plain name.
  let number: Int

  /// Reads a name; nil if it is none of the files'.
  init?(_ name: String, among files: [String]) {
    if files.contains(name) {
      self.init(wanted: name, closeness: .exact, number: 0)
      return
    }
    for file in files {
      let stem = String(file.prefix { $0 != "." })
      let rest = String(file.dropFirst(stem.count))
      var folded = Person.folded(name)
      let isHidden = folded.hasSuffix(Person.folded(rest) + ".txt")
      if isHidden { folded.removeLast(4) }
      guard folded.hasPrefix(Person.folded(stem)), folded.hasSuffix(Person.folded(rest)),
        folded.count >= file.count
      else { continue }
      let middle = folded.dropFirst(stem.count).dropLast(rest.count)
      if middle.isEmpty {
        self.init(
          wanted: file, closeness: isHidden ? .hiddenExtension : .otherCase, number: 0)
        return
      }
      let copies = /(?: ?\((\d{1,4})\)|[-_](\d{1,4})|(?: -)? copy(?: ?\(?(\d{1,4})\)?)?)/
      guard let match = middle.wholeMatch(of: copies) else { continue }
      let digits = match.1 ?? match.2 ?? match.3
      self.init(
        wanted: file, closeness: isHidden ? .hiddenExtension : .copy,
        number: digits.flatMap { Int($0) } ?? 1)
      return
    }
    return nil
  }

  private init(wanted: String, closeness: Closeness, number: Int) {
    self.wanted = wanted
    self.closeness = closeness
    self.number = number
  }
}
