import Foundation
import People

/// Which of the manifest's files a file's name stands for.
struct FileName {
  /// How the name differs from the manifest's; smaller is closer.
  enum Closeness: Int, Comparable {
    /// By an instructor's word, whatever it is.
    case decided
    /// Not at all.
    case exact
    /// In case, as `lstm.swift`.
    case otherCase
    /// By a number or a word that browsers, systems and platforms add: `LSTM (1).swift`,
    /// `LSTM-2.swift`, `LSTM 2.swift`, `LSTM - Kopie.swift`, `Copy of LSTM.swift`.
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
      let before = Self.copyPrefix(folded)
      folded.removeFirst(before?.length ?? 0)
      guard folded.hasPrefix(Person.folded(stem)), folded.hasSuffix(Person.folded(rest)),
        folded.count >= file.count
      else { continue }
      let middle = folded.dropFirst(stem.count).dropLast(rest.count)
      if middle.isEmpty, let before {
        self.init(wanted: file, closeness: .copy, number: before.number)
        return
      }
      if middle.isEmpty {
        self.init(
          wanted: file, closeness: isHidden ? .hiddenExtension : .otherCase, number: 0)
        return
      }
      guard let number = Self.copyNumber(middle) else { continue }
      self.init(wanted: file, closeness: isHidden ? .hiddenExtension : .copy, number: number)
      return
    }
    return nil
  }

  /// What Windows and macOS call a copy in the languages that are spoken here.
  private static let copyWords = [
    "copy", "kopie", "copie", "copia", "kopia", "kopi", "kopio", "duplicate",
  ]

  /// The length and the number of `Copy of `, `Kopie von `, `copy (2) of ` at a name's beginning.
  private static func copyPrefix(_ folded: String) -> (length: Int, number: Int)? {
    let pattern =
      /(?:copy|kopie|copie|copia|kopia|kopi)(?: \((\d{1,4})\))? (?:of|von|van|de|di|av|af)\s/
    guard let match = folded.prefixMatch(of: pattern) else { return nil }
    return (folded[match.range].count, match.1.flatMap { Int($0) } ?? 1)
  }

  /// The number in ` (1)`, `-2`, `_3`, ` 2`, ` - copy (4)`, ` copy 5`; 1 for a copy without one; nil if
  /// it is nothing that is added to a copy's name.
  private static func copyNumber(_ middle: Substring) -> Int? {
    var rest = middle
    let word = [" - ", " \u{2013} ", " ", "-", "_"].lazy
      .flatMap { mark in copyWords.map { mark + $0 } }.first(where: rest.hasPrefix)
    rest.removeFirst(word?.count ?? 0)
    if word != nil, rest.isEmpty { return 1 }
    let digits = rest.filter { $0.isASCII && $0.isNumber }
    let marks = rest.filter { !($0.isASCII && $0.isNumber) }
    let isKnown = ["()", " ()", "-", "_", " "].contains(marks)
    return isKnown && digits.count <= 4 ? Int(digits) : nil
  }

  /// The folded name of what a copy's name says it is one of, as `ann` for `Ann (1)`, `ann - Copy` and
  /// `ann copy 2`; nil for a name that is no copy's. A number behind a hyphen is many a group's.
  static func original(_ name: String) -> String? {
    let name = Person.folded(name)
    // what is added is short
    for place in name.indices.dropFirst().suffix(20)
    where " (".contains(name[place]) && copyNumber(name[place...]) != nil {
      return name[..<place].trimmingCharacters(in: .whitespaces)
    }
    return nil
  }

  /// What an instructor takes a file for.
  init(decided wanted: String) {
    self.init(wanted: wanted, closeness: .decided, number: 0)
  }

  private init(wanted: String, closeness: Closeness, number: Int) {
    self.wanted = wanted
    self.closeness = closeness
    self.number = number
  }
}
