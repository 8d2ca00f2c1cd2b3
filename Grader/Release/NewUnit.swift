import Files
import Foundation

/// A new unit: its folders with one task, which is there to be replaced, and its lines in the lists.
public struct NewUnit {
  private let name: String
  private let root: URL

  /// Names a unit that is to be made in a working copy.
  ///
  /// - Throws: `ReleaseError` when it is no name for a unit, or there is one already.
  public init(name: String, root: URL) throws {
    guard let first = name.first, first.isUppercase,
      name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
    else {
      throw ReleaseError(
        description: "\(name) is no name for a unit: letters and digits, beginning with a capital, "
          + "such as SleepStages")
    }
    self.name = name
    self.root = root
    for folder in folders.values where FileManager.default.fileExists(atPath: folder.path) {
      throw ReleaseError(description: "there is a \(folder.path) already")
    }
  }

  /// Where each part of the template goes.
  private var folders: [String: URL] {
    [
      "Solutions": root.appendingPathComponent("Solutions/\(name)"),
      "Assignments": root.appendingPathComponent("Assignments/\(name)"),
      "Unit": root.appendingPathComponent("Grader/Units/\(name)"),
    ]
  }

  /// Writes the folders, the stubs, the links of the self-check, and the lines of the lists.
  ///
  /// - Returns: what was written, by paths below the working copy.
  /// - Throws: a sentence when something cannot be read or written.
  public func write() throws -> [String] {
    let template = root.appendingPathComponent("Grader/Release/NewUnit")
    var written: [String] = []
    func put(_ text: String, _ url: URL) throws {
      try AtomicFile.createFolder(url.deletingLastPathComponent().path)
      try AtomicFile.write(text, to: url.path)
      written.append(String(url.path.dropFirst(root.path.count + 1)))
    }
    // the lists first: what does not fit them is said before anything is there
    let package = root.appendingPathComponent("Package.swift")
    let registry = root.appendingPathComponent("Grader/Units/Registry.swift")
    let lists = [
      (package, try lines(of: package, like: { "  \"\($0)\",  // UNIT \($0)" })),
      (
        registry,
        try lines(
          of: registry, like: { "  \($0)Unit.self,  // UNIT \($0)" },
          imports: { "import \($0)Checks  // UNIT \($0)" })
      ),
    ]
    for (part, folder) in folders.sorted(by: { $0.key < $1.key }) {
      let source = template.appendingPathComponent(part)
      let paths = try FileManager.default.subpathsOfDirectory(atPath: source.path)
      for path in paths.sorted() where path.hasSuffix(".template") {
        let text = try String(contentsOf: source.appendingPathComponent(path), encoding: .utf8)
        try put(named(text), folder.appendingPathComponent(named(String(path.dropLast(9)))))
      }
    }
    for (file, text) in try UnitRelease(unit: name, root: root).generated()
      .sorted(by: { $0.key < $1.key })
    {
      try put(text, root.appendingPathComponent("Assignments/\(name)/\(file)"))
    }
    let links = root.appendingPathComponent("Tests/SelfCheck/\(name)")
    try AtomicFile.createFolder(links.path)
    for part in ["Book", "Checks", "Unit.swift"] {
      try FileManager.default.createSymbolicLink(
        atPath: links.appendingPathComponent(part).path,
        withDestinationPath: "../../../Grader/Units/\(name)/\(part)")
    }
    for (url, text) in lists { try put(text, url) }
    return written
  }

  private func named(_ text: String) -> String {
    text.replacingOccurrences(of: "@UNIT@", with: name)
  }

  /// A list of units with this one in it, sorted.
  private func lines(
    of file: URL, like line: (String) -> String, imports: ((String) -> String)? = nil
  ) throws -> String {
    let text = try String(contentsOf: file, encoding: .utf8)
    var lines = text.components(separatedBy: "\n")
    func unit(_ line: String) -> String? {
      line.range(of: "// UNIT ").map { String(line[$0.upperBound...]) }
    }
    func isImport(_ line: String) -> Bool { line.hasPrefix("import ") }
    func replace(_ isOne: (String) -> Bool, by made: (String) -> String) throws {
      let places = lines.indices.filter { unit(lines[$0]) != nil && isOne(lines[$0]) }
      guard let first = places.first else {
        throw ReleaseError(description: "\(file.path) has no line that ends in // UNIT and a name")
      }
      let names = (places.compactMap { unit(lines[$0]) } + [name]).sorted()
      for place in places.reversed() { lines.remove(at: place) }
      lines.insert(contentsOf: names.map(made), at: first)
    }
    try replace({ !isImport($0) }, by: line)
    if let imports { try replace(isImport, by: imports) }
    return lines.joined(separator: "\n")
  }
}
