import Files
import Foundation

/// The sources of a unit's checks, and what each class of checks depends on in them.
///
/// So that a changed class is the only one that is run again: its hash covers its own lines and
/// those of every declaration that it names, however indirectly, but no comments.
struct CheckSources {
  private struct Declaration {
    let name: String
    var text: String
    var words: Set<String>
  }

  private let declarations: [Declaration]
  /// Extensions of types from elsewhere: they may be used without being named.
  private let everywhere: [Declaration]

  /// Reads all Swift files of a unit's folder and of those in it. Stand-ins are no checks, but files
  /// that are judged.
  init(folder: String) {
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
    let sources = names.filter { $0.hasSuffix(".swift") && !$0.hasPrefix("StandIns/") }
    let texts = sources.sorted().map {
      String(
        decoding: FileManager.default.contents(atPath: folder + "/" + $0) ?? Data(), as: UTF8.self)
    }
    self.init(texts: texts)
  }

  init(texts: [String]) {
    let all = texts.flatMap(Self.split)
    let own = Set(all.filter { !$0.text.contains(Self.extensionMark) }.map(\.name))
    declarations = all.filter { own.contains($0.name) }
    everywhere = all.filter { !own.contains($0.name) }
  }

  /// The hash of a class and all that it names. A class that is not there depends on everything.
  func hash(ofClass name: String) -> String {
    var reached: Set<String> = [name]
    var used = everywhere
    var pending = everywhere.reduce(into: Set([name])) { $0.formUnion($1.words) }
    if !declarations.contains(where: { $0.name == name }) {
      pending.formUnion(declarations.map(\.name))
    }
    reached.formUnion(pending)
    while !pending.isEmpty {
      let found = declarations.filter { pending.contains($0.name) }
      used += found
      let named = found.reduce(into: Set<String>()) { $0.formUnion($1.words) }
      pending = named.subtracting(reached)
      reached.formUnion(named)
    }
    return ContentHash.of([name] + used.map(\.text).sorted())
  }

  private static let extensionMark = "extension "

  /// The declarations of a file. As swift-format leaves it, only they begin in the first column.
  private static func split(_ text: String) -> [Declaration] {
    let keywords: Set<Substring> = [
      "class", "struct", "enum", "extension", "protocol", "actor", "func", "let", "var",
      "typealias",
    ]
    var found: [Declaration] = []
    for line in text.split(separator: "\n") {
      if line.drop(while: { $0 == " " }).hasPrefix("//") { continue }
      let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
      if line.first?.isWhitespace == false, let place = words.firstIndex(where: keywords.contains),
        place + 1 < words.count
      {
        found.append(Declaration(name: String(words[place + 1]), text: "", words: []))
      }
      guard !found.isEmpty else { continue }
      found[found.count - 1].text += line + "\n"
      found[found.count - 1].words.formUnion(words.map(String.init))
    }
    return found
  }
}
