import Foundation
import People

/// What a submission holds beside the files that were taken, as far as somebody may have meant it to
/// count: sources, and whatever may be the written answers.
struct LeftOut {
  /// Sources and documents that were not taken, as paths.
  private(set) var others: [String] = []
  /// Those that may be written answers.
  private(set) var likeAnswers: [String] = []
  /// Those that may be one of the manifest's files, by its name.
  private(set) var like: [String: [String]] = [:]
  /// Those whose contents were read, so that they can be taken by decision.
  private(set) var readable: Set<String> = []

  private static let mostFiles = 2000
  static let mostNamed = 8
  /// What people write answers in.
  private static let documents = [
    "docx", "doc", "odt", "rtf", "pdf", "pages", "txt", "md", "html", "htm", "tex", "ipynb",
  ]
  /// What every copy of the course or of a package has.
  private static let common: Set<String> = [
    "readme.md", "package.swift", "license", "license.md", "license.txt", "contributing.md",
    "changelog.md",
  ]

  /// Looks through a parcel.
  ///
  /// - Parameters:
  ///   - taken: the files that were taken.
  ///   - handedOut: names that the assignment's own folder has.
  ///   - decided: paths of files that an instructor decided about.
  init(
    _ parcel: Parcel, wanted: [String], taken: Set<String>, handedOut: Set<String>,
    decided: Set<String> = []
  ) {
    let known = Set((handedOut.union(wanted)).map(Person.folded)).union(Self.common)
    var (left, sources, documents) = (Self.mostFiles, [[String]](), [[String]]())
    var homes: Set<[String]> = []
    func walk(_ node: Node, _ path: [String]) {
      left -= 1
      guard left >= 0 else { return }
      for child in node.children { walk(child, path + [child.name]) }
      guard node.kind == .file, let name = path.last else { return }
      guard FileName(name, among: wanted + [Interest.answers]) == nil else {
        homes.insert(Array(path.dropLast()))
        return
      }
      let place = path.map(shown).joined(separator: "/")
      guard !known.contains(Person.folded(name)), !decided.contains(place) else { return }
      if node.contents != nil { readable.insert(place) }
      let ending = Self.ending(name)
      if ending == "swift" { sources.append(path) }
      if Self.documents.contains(ending) { documents.append(path) }
    }
    for item in parcel.items { walk(item.node, [item.name]) }
    // a whole copy of the course has hundreds of files far from those that are handed in
    func isNear(_ path: [String]) -> Bool {
      path.count < 3 || homes.contains(Array(path.dropLast()))
    }
    for path in (sources + documents).sorted(by: { $0.joined() < $1.joined() }) {
      let name = path[path.count - 1]
      let words = Person.folded(name)
      let isLike = words.contains("answer") || words.contains("antwo")
      guard isLike || isNear(path) else { continue }
      let shownPath = path.map(shown).joined(separator: "/")
      others.append(shownPath)
      let ending = Self.ending(name)
      if ending != "swift" { likeAnswers.append(shownPath) }
      let stems = wanted.filter { !taken.contains($0) }
        .filter { words.contains(Person.folded(Self.stem($0))) }
      // `LSTMNet_final` is like LSTMNet, not like LSTM
      let longest = wanted.filter { words.contains(Person.folded(Self.stem($0))) }
        .max { $0.count < $1.count }
      if ending != "md", let best = stems.max(by: { $0.count < $1.count }), best == longest {
        like[best, default: []].append(shownPath)
      }
    }
  }

  /// The remark that names them; nil where there is nothing.
  var note: String? {
    others.isEmpty ? nil : "handed in and not taken: \(Self.list(others))"
  }

  /// Some names of many.
  static func list(_ names: [String]) -> String {
    names.prefix(mostNamed).joined(separator: ", ")
      + (names.count > mostNamed ? " and \(names.count - mostNamed) more" : "")
  }

  private static func ending(_ name: String) -> String {
    name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
  }

  private static func stem(_ name: String) -> String { String(name.prefix { $0 != "." }) }
}
