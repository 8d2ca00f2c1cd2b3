import Foundation

/// A unit's solution: the files that students hand in, as they should be.
struct Solution {
  /// By name.
  let files: [String: SolutionFile]
  /// The words of each file: a library asks for them with every entry.
  private let words: [String: Set<Substring>]
  /// What other files may use of each.
  private let declared: [String: Set<Substring>]

  init(files: [String: SolutionFile]) {
    self.files = files
    words = files.mapValues { Self.words($0.text) }
    declared = files.reduce(into: [:]) { $0[$1.key] = Self.declared($1.key, $1.value.text) }
  }

  /// What somebody hands in who edits it: the edited files, those that stand on them and those that
  /// they stand on. The others have nothing to do with it, and are left out to save their time.
  ///
  /// - Throws: a sentence when an edit finds no place.
  func applying(_ edits: [String: [SourceEdit]]) throws -> [String: String] {
    var texts = files.mapValues(\.text)
    var words = words
    for (name, edits) in edits {
      guard let file = files[name] else { throw MistakeError("\(name) is not a student's file") }
      let text = try file.applying(edits)
      texts[name] = text
      // a use that was edited away counts as well: the task stands on it
      words[name]?.formUnion(Self.words(text))
    }
    func stands(_ name: String, on other: String) -> Bool {
      name != other && words[name]?.isDisjoint(with: declared[other] ?? []) == false
    }
    var chosen = Set(edits.keys)
    chosen.formUnion(files.keys.filter { name in edits.keys.contains { stands(name, on: $0) } })
    var grows = true
    while grows {
      let ground = files.keys.filter { name in
        !chosen.contains(name) && chosen.contains { stands($0, on: name) }
      }
      chosen.formUnion(ground)
      grows = !ground.isEmpty
    }
    return texts.filter { chosen.contains($0.key) }
  }

  /// The type that a file declares, `Layer` of `Layer.swift`, and its functions.
  private static func declared(_ file: String, _ text: String) -> Set<Substring> {
    Set(text.matches(of: /(?m)^(?:public )?func (\w+)/).map(\.1) + [file.prefix { $0 != "." }])
  }

  /// The words of a file without its comments, and without what it calls its own values: a property may have
  /// the name of another file's function.
  private static func words(_ text: String) -> Set<Substring> {
    let code = text.split(separator: "\n").filter {
      !$0.drop(while: { $0 == " " }).hasPrefix("//")
    }
    let own = Set(code.flatMap { $0.matches(of: /\b(?:let|var) (\w+)/).map(\.1) })
    return Set(code.flatMap { $0.split { !$0.isLetter && !$0.isNumber && $0 != "_" } })
      .subtracting(own)
  }
}
