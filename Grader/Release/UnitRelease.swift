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
  public func write() throws {
    for (name, text) in try generated() {
      try Data(text.utf8).write(
        to: assignments.appendingPathComponent(name), options: .atomic)
    }
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
