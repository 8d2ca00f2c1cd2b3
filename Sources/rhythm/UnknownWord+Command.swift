import ArgumentParser

extension UnknownWord {
  /// Follows the words of a command line through the commands' names; nil where all are names.
  static func command(in words: [String], of root: any ParsableCommand.Type) -> UnknownWord? {
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
        return UnknownWord(
          kind: "command", word: word, place: parent,
          known: children.filter { $0.configuration.shouldDisplay }.map { $0._commandName })
      }
      command = next
      parent += " " + word
    }
    return nil
  }
}
