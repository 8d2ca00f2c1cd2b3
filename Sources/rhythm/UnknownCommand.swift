import ArgumentParser
import NeuralNetworks

/// A word where a command's name should stand.
struct UnknownCommand {
  /// The word.
  let word: String
  /// What was to be continued, such as `./rhythm data`.
  private let parent: String
  private let known: [String]

  /// Follows the words of a command line through the commands' names; nil where all are names.
  init?(in words: [String], of root: any ParsableCommand.Type) {
    var command = root
    var parent = "./rhythm"
    for word in words {
      let children = command.configuration.subcommands
      // without a name of a command its default is meant, and the word is that one's
      guard !word.hasPrefix("-"), !children.isEmpty,
        command.configuration.defaultSubcommand == nil
      else { return nil }
      if word == "help" { return nil }
      guard let next = children.first(where: { $0._commandName == word }) else {
        self.word = word
        self.parent = parent
        known = children.filter { $0.configuration.shouldDisplay }.map { $0._commandName }
        return
      }
      command = next
      parent += " " + word
    }
    return nil
  }

  /// What was wrong, and what may have been meant.
  var sentence: String {
    let meant = Spelling.nearest(to: word, in: known).map { "; did you mean \($0)?" } ?? ";"
    return "there is no command \(word)\(meant) \(parent) --help lists them"
  }
}
