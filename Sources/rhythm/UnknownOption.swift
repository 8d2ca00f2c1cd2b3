import ArgumentParser
import Foundation
import NeuralNetworks

/// An option that a command does not have. The parser itself names one only where nothing else is
/// missing.
struct UnknownOption {
  /// The option with its dashes.
  let option: String
  /// What does not have it, such as `./rhythm data import`.
  private let command: String
  private let known: [String]

  /// Looks for one in the words of a command line; nil where the command has all.
  init?(in words: [String], of root: any ParsableCommand.Type) {
    var command = root
    var path = "./rhythm"
    for word in words {
      let children = command.configuration.subcommands
      guard let next = children.first(where: { $0._commandName == word }) else { break }
      command = next
      path += " " + word
    }
    command = command.configuration.defaultSubcommand ?? command
    guard let known = Self.options(of: command) else { return nil }
    let options = words.prefix { $0 != "--" }.filter { $0.hasPrefix("--") }
      .map { String($0.prefix { $0 != "=" }) }
    guard let unknown = options.first(where: { !known.contains($0) }) else { return nil }
    option = unknown
    self.command = path
    self.known = known
  }

  /// What was wrong, and what may have been meant.
  var sentence: String {
    let meant = Spelling.nearest(to: option, in: known).map { "; did you mean \($0)?" } ?? ";"
    return "there is no option \(option)\(meant) \(command) --help lists them"
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
