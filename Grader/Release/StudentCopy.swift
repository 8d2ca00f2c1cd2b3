import Foundation

/// A copy of the course for students: stubs, core, public checks with recorded answers, handout. No
/// Solutions, and nothing that only instructors need.
///
/// Only what is listed here is copied, so that a new file of an instructor's stays at home until
/// somebody lists it; of what is listed, folders called `Instructor` stay at home too. Of copied files the
/// regions between `// BEGIN INSTRUCTOR: reason` and `// END INSTRUCTOR` (`#` in place of `//` in a
/// script) are left out, and lines that end in `// UNIT NAME` for another unit. What is a symbolic link here
/// is a file or a folder there, since not every system that students have can make links.
public struct StudentCopy {
  private let root: URL
  private let unit: String

  /// Files and folders that a copy is made of; folders with all they hold.
  private var sources: [String] {
    [
      ".gitignore", ".swift-format", "LICENSE", "Package.swift", "rhythm", "Sources",
      "Assignments/\(unit)", "Grader/Assignment", "Grader/Building", "Grader/CSpawn",
      "Grader/Judge",
      "Grader/Sandbox", "Grader/Units/Registry.swift", "Grader/Units/\(unit)", "Grader/Workers",
      "Tests/SelfCheck/\(unit)",
    ]
  }

  /// What of them stays at home, however it is reached. Known mistakes are computed from the right
  /// equations.
  private var excluded: Set<String> {
    Set(
      ["Book", "Mistakes", "StandIns", "class.yml"].map { "Grader/Units/\(unit)/\($0)" }
        + ["Sources/TensorCore/README.md"])
  }

  /// What is written for students: where it lies here, and where there.
  private static let pages = [
    ("README.md", "README.md"), ("Grader.md", "Grader/README.md"),
    ("check.yml", ".github/workflows/check.yml"),
    ("devcontainer.json", ".devcontainer/devcontainer.json"),
  ]

  /// Prepares the copy of a working copy's unit.
  public init(root: URL, unit: String) {
    self.root = root.resolvingSymlinksInPath()
    self.unit = unit
  }

  /// Writes the copy into a new or empty folder.
  ///
  /// - Parameter answers: the recorded answers of the reference, and their path in a copy.
  /// - Throws: a sentence when the folder is not empty, or a file cannot be read or written.
  public func write(to folder: URL, answers: (path: String, bytes: [UInt8])) throws {
    let manager = FileManager.default
    if let present = try? manager.contentsOfDirectory(atPath: folder.path), !present.isEmpty {
      throw ReleaseError(
        description: "\(folder.path) is not empty: name a new folder, or empty this one")
    }
    // made beside it and moved: an interrupted release leaves no half copy that looks whole
    let draft = folder.deletingLastPathComponent()
      .appendingPathComponent(".\(folder.lastPathComponent).\(UUID().uuidString)")
    try manager.createDirectory(at: draft, withIntermediateDirectories: true)
    do {
      for path in sources { try copy(path, to: draft) }
      // the stubs as the Solutions give them, whatever was tried out in Assignments/
      for (name, text) in try UnitRelease(unit: unit, root: root).generated() {
        try write(Data(text.utf8), to: draft.appendingPathComponent("Assignments/\(unit)/\(name)"))
      }
      let title = try self.title()
      for (name, target) in Self.pages {
        let source = root.appendingPathComponent("Grader/Release/Student/\(name)")
        let text = try String(contentsOf: source, encoding: .utf8)
          .replacingOccurrences(of: "@UNIT@", with: unit)
          .replacingOccurrences(of: "@TITLE@", with: title)
        try write(Data(text.utf8), to: draft.appendingPathComponent(target))
      }
      try write(
        Data(try PackagePins(root: root).pins(for: draft).json.utf8),
        to: draft.appendingPathComponent(PackagePins.file))
      try write(Data(answers.bytes), to: draft.appendingPathComponent(answers.path))
      try? manager.removeItem(at: folder)
      try manager.moveItem(at: draft, to: folder)
    } catch {
      try? manager.removeItem(at: draft)
      throw error
    }
  }

  /// The heading of the unit's handout.
  private func title() throws -> String {
    let file = root.appendingPathComponent("Assignments/\(unit)/Instructions.md")
    let handout = try String(contentsOf: file, encoding: .utf8)
    guard let line = handout.split(separator: "\n").first, line.hasPrefix("# ") else {
      throw ReleaseError(
        description: "Assignments/\(unit)/Instructions.md does not begin with a heading, `# …`")
    }
    return String(line.dropFirst(2))
  }

  private func copy(_ path: String, to draft: URL) throws {
    let name = path.split(separator: "/").last ?? ""
    if name == "Instructor" { return }
    if name.hasPrefix("."), ![".gitignore", ".swift-format"].contains(name) { return }
    let source = try followed(path)
    guard !excluded.contains(String(source.path.dropFirst(root.path.count + 1))) else { return }
    let target = draft.appendingPathComponent(path)
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    guard manager.fileExists(atPath: source.path, isDirectory: &isFolder) else {
      throw ReleaseError(description: "\(path) is part of a student's copy, but it is not there")
    }
    if isFolder.boolValue {
      for child in try manager.contentsOfDirectory(atPath: source.path).sorted() {
        try copy(path + "/" + child, to: draft)
      }
      return
    }
    let data = try Data(contentsOf: source)
    // most files have nothing to leave out, and looking at each of their lines takes seconds
    if Self.marks.contains(where: { data.range(of: $0) != nil }),
      let text = String(data: data, encoding: .utf8)
    {
      try write(Data(try Self.text(text, ofUnit: unit, file: path).utf8), to: target)
    } else {
      try write(data, to: target)
    }
    let attributes = try manager.attributesOfItem(atPath: source.path)
    if let mode = attributes[.posixPermissions] {
      try manager.setAttributes([.posixPermissions: mode], ofItemAtPath: target.path)
    }
  }

  /// Where a path leads, through all links on its way.
  ///
  /// - Throws: a sentence where that is outside of the working copy, since nobody has said that it may go
  ///   out, or a folder that the link itself lies in.
  private func followed(_ path: String) throws -> URL {
    let link = root.appendingPathComponent(path)
    let place = link.resolvingSymlinksInPath()
    guard !link.path.hasPrefix(place.path + "/") else {
      throw ReleaseError(description: "\(path) is a link to a folder that it lies in: remove it")
    }
    guard place.path.hasPrefix(root.path + "/") else {
      throw ReleaseError(
        description:
          "\(path) is a link to \(place.path), which is outside of the course: put the file "
          + "itself there")
    }
    return place
  }

  private func write(_ data: Data, to target: URL) throws {
    try FileManager.default.createDirectory(
      at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: target)
  }

  /// What every line has that is left out, or that begins or ends a region.
  private static let marks = ["INSTRUCTOR", "// UNIT "].map { Data($0.utf8) }

  /// The unit that a line of a list of units is of; nil for any other line.
  private static func unit(of line: Substring) -> String? {
    line.range(of: "// UNIT ").map { String(line[$0.upperBound...]) }
  }

  /// A text without its instructor's regions and without other units' lines.
  ///
  /// - Throws: a sentence with the line for a region that is nested or not closed.
  static func text(_ text: String, ofUnit unit: String, file: String) throws -> String {
    var lines: [Substring] = []
    var open: Int?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let mark = line.drop { $0 == " " }
      if mark.hasPrefix("// BEGIN INSTRUCTOR") || mark.hasPrefix("# BEGIN INSTRUCTOR") {
        guard open == nil else {
          throw ReleaseError(description: "\(file):\(index + 1): a region begins inside another")
        }
        open = index + 1
      } else if mark == "// END INSTRUCTOR" || mark == "# END INSTRUCTOR" {
        guard open != nil else {
          throw ReleaseError(description: "\(file):\(index + 1): this END closes no region")
        }
        open = nil
      } else if open == nil, Self.unit(of: line) ?? unit == unit {
        lines.append(line)
      }
    }
    if let open {
      throw ReleaseError(description: "\(file):\(open): this region is not closed")
    }
    return lines.joined(separator: "\n")
  }
}

/// Why a release cannot be made, in a sentence.
public struct ReleaseError: Error, CustomStringConvertible {
  /// The sentence.
  public let description: String

  /// Makes an error.
  public init(description: String) { self.description = description }
}
