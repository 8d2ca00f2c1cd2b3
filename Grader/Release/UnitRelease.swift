import Foundation

/// The files of a unit that are generated from its Solutions.
public struct UnitRelease {
  private let solutions: URL
  private let assignments: URL
  /// The unit's name.
  public let unit: String

  /// The unit of a name in a working copy.
  public init(unit: String, root: URL) {
    self.unit = unit
    solutions = root.appendingPathComponent("Solutions/\(unit)")
    assignments = root.appendingPathComponent("Assignments/\(unit)")
  }

  /// The generated files and their contents.
  ///
  /// - Throws: when a file cannot be read or a marker is wrong.
  public func generated() throws -> [String: String] {
    let names = try FileManager.default.contentsOfDirectory(atPath: solutions.path)
      .filter { $0.hasSuffix(".swift") }
    return try Dictionary(
      uniqueKeysWithValues: names.map { name in
        let source = try String(contentsOf: solutions.appendingPathComponent(name), encoding: .utf8)
        return (name, try StubGenerator.stub(of: source, file: "Solutions/\(unit)/\(name)"))
      })
  }

  /// Writes the generated files into `Assignments/`.
  ///
  /// - Parameter force: whether files may be lost that are not as generated and that git has not.
  /// - Throws: `ReleaseError` that names such files, before anything is written.
  public func write(force: Bool = false) throws {
    let unsaved = force ? [] : try unsavedFiles()
    guard unsaved.isEmpty else {
      throw ReleaseError(
        description:
          "git has no copy of what is in \(unsaved.joined(separator: ", ")), which would "
          + "be written over: commit it, or repeat with --force")
    }
    for (name, text) in try generated() {
      try Data(text.utf8).write(
        to: assignments.appendingPathComponent(name), options: .atomic)
    }
  }

  /// The files in `Assignments/` that are not as generated and whose contents git has nowhere.
  private func unsavedFiles() throws -> [String] {
    try generated().sorted { $0.key < $1.key }.compactMap { name, text in
      let file = assignments.appendingPathComponent(name)
      guard FileManager.default.fileExists(atPath: file.path),
        try Data(contentsOf: file) != Data(text.utf8), !gitHolds(file)
      else { return nil }
      return "Assignments/\(unit)/\(name)"
    }
  }

  /// Whether git keeps the contents of a file, under whatever name and in whatever commit.
  private func gitHolds(_ file: URL) -> Bool {
    guard let hash = git(["hash-object", "--", file.path]) else { return false }
    return git(["cat-file", "-e", hash]) != nil
  }

  /// What git prints in the working copy; nil when it fails or is not there.
  private func git(_ arguments: [String]) -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "-C", assignments.path] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return process.terminationStatus == 0
      ? text.trimmingCharacters(in: .whitespacesAndNewlines) : nil
  }

  /// What in `Assignments/` is not as generated, one sentence each.
  public func differences() throws -> [String] {
    let expected = try generated()
    var problems: [String] = []
    for (name, text) in expected.sorted(by: { $0.key < $1.key }) {
      let path = assignments.appendingPathComponent(name)
      guard let actual = try? String(contentsOf: path, encoding: .utf8) else {
        problems.append("Assignments/\(unit)/\(name) is missing")
        continue
      }
      if actual != text {
        problems.append("Assignments/\(unit)/\(name) is not what Solutions/\(unit)/\(name) gives")
      }
    }
    let present = try FileManager.default.contentsOfDirectory(atPath: assignments.path)
    for name in present.sorted() where name.hasSuffix(".swift") && expected[name] == nil {
      problems.append("Assignments/\(unit)/\(name) has no counterpart in Solutions/\(unit)")
    }
    return problems
  }
}
