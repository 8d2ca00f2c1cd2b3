import Foundation

/// The students' repositories as GitHub Classroom names them: `gh classroom clone` puts
/// `assignment-login` for everybody into `assignment-submissions`; from GitHub itself come archives
/// `assignment-login-main.zip`.
struct ClassroomRepositories {
  /// The GitHub login and the repository's folder or archive.
  let owners: [(login: String, node: Node)]

  /// Nil where a folder holds no such repositories: plain folders may have names like `group-1`,
  /// so more than the names must speak for it.
  init?(_ node: Node) {
    let places = node.children.filter { $0.kind != .file }
    let names = places.map(Self.repositoryName)
    let slug: String
    if let match = node.name.wholeMatch(of: /(.+)-submissions(?:\.zip)?/),
      !names.isEmpty, names.allSatisfy({ $0.name.hasPrefix(match.1 + "-") })
    {
      slug = String(match.1)
    } else if names.count > 1, names.allSatisfy(\.isRepository),
      let prefix = Self.commonPrefix(names.map(\.name)), !Member.isGroupName(prefix)
    {
      slug = prefix
    } else {
      return nil
    }
    let logins = names.map { String($0.name.dropFirst(slug.count + 1)) }
    // What GitHub allows as a login.
    let areLogins = logins.allSatisfy { login in
      !login.hasPrefix("-") && login.contains { $0.isLetter || $0.isNumber }
        && login.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    }
    guard areLogins, logins.contains(where: { $0.contains(where: \.isLetter) }) else { return nil }
    owners = zip(logins, places).map { ($0, $1) }
  }

  /// A repository's name, and whether it surely is one: it has git's folder, or the branch or commit
  /// in its name.
  private static func repositoryName(_ node: Node) -> (name: String, isRepository: Bool) {
    let name = node.name.dropLast(
      node.kind == .archive ? Interest.archiveExtension(node.name) ?? 0 : 0)
    if let match = name.wholeMatch(of: /(.+)-(?:main|master|[0-9a-f]{40})/) {
      return (String(match.1), true)
    }
    let inner = node.children.count == 1 ? node.children.first?.isRepository ?? false : false
    return (String(name), node.isRepository || inner)
  }

  /// What all names begin with, up to a hyphen; nil where that is nothing.
  private static func commonPrefix(_ names: [String]) -> String? {
    guard var prefix = names.first else { return nil }
    for name in names.dropFirst() { prefix = String(prefix.commonPrefix(with: name)) }
    guard let hyphen = prefix.lastIndex(of: "-"), hyphen > prefix.startIndex else { return nil }
    return String(prefix[..<hyphen])
  }
}
