import ArgumentParser
import Foundation

extension UnknownWord {
  /// The first option in the words of a command line that its command does not have; nil where it has all.
  /// The parser itself names one only where nothing else is missing.
  static func option(in words: [String], of root: any ParsableCommand.Type) -> UnknownWord? {
    var command = root
    var path = "./rhythm"
    for word in words {
      let children = command.configuration.subcommands
      guard let next = children.first(where: { $0._commandName == word }) else { break }
      command = next
      path += " " + word
    }
    command = command.configuration.defaultSubcommand ?? command
    guard let known = options(of: command) else { return nil }
    let options = words.prefix { $0 != "--" }.filter { $0.hasPrefix("--") }
      .map { String($0.prefix { $0 != "=" }) }
    return options.first { !known.contains($0) }.map {
      UnknownWord(kind: "option", word: $0, place: path, known: known)
    }
  }

  /// The long names of a command's options, from the description that the parser gives to other
  /// programs; nil where that is not understood.
  private static func options(of command: any ParsableCommand.Type) -> [String]? {
    struct Description: Decodable {
      struct Command: Decodable { let arguments: [Argument]? }
      struct Argument: Decodable { let names: [Name]? }
      struct Name: Decodable { let kind, name: String }
      let command: Command
    }
    let text = Data(command._dumpHelp().utf8)
    guard let description = try? JSONDecoder().decode(Description.self, from: text) else {
      return nil
    }
    let names = (description.command.arguments ?? []).flatMap { $0.names ?? [] }
    return names.filter { $0.kind == "long" }.map { "--" + $0.name } + ["--help"]
  }
}
