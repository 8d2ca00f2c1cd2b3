import ArgumentParser
import Examples
import Foundation
import Recordings

/// Which queries are drawn.
struct QueryOptions: ParsableArguments {
  /// A group of queries.
  typealias Group = (name: String, queries: [RankingQuery])

  @Option(
    help: ArgumentHelp(
      "Only these groups of queries, separated by commas, such as near,described; by default those "
        + "that ask for something that no group before them asks for.", valueName: "groups"))
  var groups: String?

  /// All groups in their order.
  ///
  /// - Throws: a sentence where there is none of a name that was asked for.
  func queries(of data: PreparedData) throws -> [Group] {
    var names: [String] = []
    for query in data.split.queries where !names.contains(query.group) { names.append(query.group) }
    let all = names.map { name in
      Group(name: name, queries: data.split.queries.filter { $0.group == name })
    }
    for word in words ?? [] where !names.contains(word) {
      throw ValidationError(
        names.isEmpty
          ? "--groups: these examples are asked for by no texts."
          : "--groups: there is no group \(word); there are \(names.joined(separator: ", ")).")
    }
    return all
  }

  private var words: [String]? {
    groups?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  /// Those that were asked for.
  func chosen(_ all: [Group]) -> [Group] {
    if let words { return all.filter { words.contains($0.name) } }
    var known: Set<String> = []
    return all.filter { group in
      let own = Set(group.queries.map(\.name))
      defer { known.formUnion(own) }
      return !own.isSubset(of: known)
    }
  }
}
