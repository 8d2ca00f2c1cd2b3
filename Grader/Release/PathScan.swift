import Foundation

/// Looks in a students' copy for files that its texts name and that stayed at home.
///
/// All texts are read, comments and help as well as pages. What is meant is a path as it stands, from the
/// copy's folder or from the text's own, or its end (`Proof/ChainProof.swift`, `ChainProof.swift`); a name
/// alone only of sources and pages, since files of data are called alike everywhere.
public struct PathScan {
  /// All that a working copy has, by paths from it.
  private let known: Paths

  /// Paths, and what they end in.
  private struct Paths {
    private(set) var whole: Set<String> = []
    /// Ends of paths by whole names; of sources and pages also the name alone.
    private(set) var ends: Set<String> = []

    init(of folder: URL) throws {
      let root = folder.resolvingSymlinksInPath().path
      for path in try Self.paths(in: root) {
        whole.insert(path)
        let names = path.split(separator: "/")
        for first in names.indices {
          let end = names[first...].joined(separator: "/")
          if first < names.count - 1 || Self.hasTellingName(end) { ends.insert(end) }
        }
      }
    }

    /// Whether a name alone says which file is meant.
    private static func hasTellingName(_ name: String) -> Bool {
      [".swift", ".c", ".h", ".py", ".sh", ".md", ".yml", ".template"].contains {
        name.hasSuffix($0)
      }
    }

    /// Without what is built, and without what git keeps.
    private static func paths(in root: String, below: String = "") throws -> [String] {
      let folder = below.isEmpty ? root : "\(root)/\(below)"
      var found: [String] = []
      for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
        if name.hasPrefix(".build")
          || [".git", ".swiftpm", ".rhythmlab", "__pycache__"].contains(name)
        {
          continue
        }
        let path = below.isEmpty ? name : "\(below)/\(name)"
        found.append(path)
        var isFolder: ObjCBool = false
        let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(root)/\(path)"))
        _ = FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder)
        if isFolder.boolValue, isLink == nil { found += try paths(in: root, below: path) }
      }
      return found
    }
  }

  /// Pages that a unit may do without.
  private static let optional: Set<String> = ["ANSWERS.md", "Swift.md"]

  /// Reads what a working copy has.
  public init(root: URL) throws { known = try Paths(of: root) }

  /// What a copy names and does not have, one sentence each.
  public func findings(in copy: URL) throws -> [String] {
    let present = try Paths(of: copy)
    var found: [String] = []
    for path in present.whole.sorted() {
      let file = copy.appendingPathComponent(path)
      guard let data = try? Data(contentsOf: file), let text = String(data: data, encoding: .utf8)
      else { continue }
      let folder = path.split(separator: "/").dropLast()
      let lines = text.utf8.split(
        separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      for (index, line) in lines.enumerated() {
        for named in Self.named(in: Substring(line))
        where isMissing(named, in: Array(folder), present) {
          found.append("\(path):\(index + 1): names \(named), which is not there")
        }
      }
    }
    return found
  }

  private func isMissing(_ named: String, in folder: [Substring], _ present: Paths) -> Bool {
    if Self.optional.contains(named) { return false }
    var names = named.split(separator: "/")
    var places = [names.filter { $0 != "." && $0 != ".." }]
    // from the folder of the text
    var here = folder
    while let first = names.first, first == "." || first == ".." {
      if first == "..", !here.isEmpty { here.removeLast() }
      names.removeFirst()
    }
    places.append(here + names)
    let paths = places.map { $0.joined(separator: "/") }
    let end = paths[0]
    if paths.contains(where: present.whole.contains) || present.ends.contains(end) { return false }
    if paths.contains(where: known.whole.contains) || known.ends.contains(end) { return true }
    // within a folder that stayed at home
    guard named.contains("/"), let top = places[0].first.map(String.init) else { return false }
    return known.whole.contains(top) && !present.whole.contains(top)
  }

  /// What in a line has a slash or a point in it, as paths have.
  static func named(in line: Substring) -> [String] {
    // By bytes: a copy has a hundred thousand lines, and a regular expression takes seconds for them.
    line.utf8.split(whereSeparator: { !isOfPaths($0) }).compactMap { bytes in
      var word = bytes
      while let last = word.last, ".-@".utf8.contains(last) { word.removeLast() }
      while word.first == UInt8(ascii: "/") { word.removeFirst() }
      guard
        word.contains(UInt8(ascii: "/")) || word.dropFirst().contains(UInt8(ascii: ".")),
        word.contains(where: isLetter)
      else { return nil }
      return String(Substring(word))
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isOfPaths(_ byte: UInt8) -> Bool {
    if isLetter(byte) { return true }
    switch byte {
    // - . / and the digits, which follow each other
    case UInt8(ascii: "-")...UInt8(ascii: "9"): return true
    case UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "@"): return true
    default: return false
    }
  }
}
