import Foundation
import People

/// Reads a group's members from `ANSWERS.md`: the lines between `<!-- members -->` and
/// `<!-- end members -->`, each with a name, a student number, an e-mail address in any order.
package enum GroupMembers {
  private static let maximumMembers = 12
  /// Anybody can write a megabyte there.
  private static let maximumLines = 40

  /// The members in the file's order; none where the place is empty or not there.
  package static func read(_ answers: String) -> [Person] {
    guard let start = answers.range(of: "<!-- members -->"),
      let end = answers[start.upperBound...].range(of: "<!-- end members -->")
    else { return [] }
    let lines = answers[start.upperBound..<end.lowerBound]
      .split(maxSplits: maximumLines, whereSeparator: \.isNewline).prefix(maximumLines)
    return Array(lines.compactMap { member($0.prefix(300)) }.prefix(maximumMembers))
  }

  /// One line, also as an item of a list or a row of a table.
  private static func member(_ line: Substring) -> Person? {
    var person = Person()
    var words: [Substring] = []
    let fields = line.split { ",;|\t<>()*:".contains($0) }
    for field in fields {
      let field = field.trimmingCharacters(in: .whitespaces.union(.init(charactersIn: "-•`")))
      var rest: [Substring] = []
      for word in field.split(separator: " ") {
        if word.contains("@"), word.contains(".") {
          person.email = String(word)
        } else if word.wholeMatch(of: /[#su]?\d{3,12}/.ignoresCase()) != nil {
          person.ids.append(String(word))
        } else if word.contains(where: \.isLetter) {
          rest.append(word)
        }
      }
      // The first field with letters is the name; what follows is "student number" and the like.
      if words.isEmpty { words = rest }
    }
    if !words.isEmpty { person.name = shown(words.joined(separator: " ")) }
    return person == Person() ? nil : person
  }
}
