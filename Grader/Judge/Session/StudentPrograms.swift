import Assignment
import Foundation
import Workers

/// How to start the programs that a student's files were compiled into.
public struct StudentPrograms: Sendable {
  private enum Kind {
    case one(WorkerLauncher, sources: String?, reserved: [ReservedUse])
    case several([String: WorkerLauncher])
  }

  private let kind: Kind

  /// One program has all tasks, and all parts of the core.
  ///
  /// - Parameters:
  ///   - sources: the folder of the files it was made of, where a file that imports a part
  ///     which it may not use is to be told so. In the programs that grades come from such a file does
  ///     not compile.
  ///   - reserved: what its files use and are to write.
  public init(_ launcher: WorkerLauncher, sources: String? = nil, reserved: [ReservedUse] = []) {
    kind = .one(launcher, sources: sources, reserved: reserved)
  }

  /// Several programs, by their names.
  public init(_ launchers: [String: WorkerLauncher]) { kind = .several(launchers) }

  /// How to start the program that a file's tasks are judged in.
  ///
  /// - Throws: `CheckFailure` when it was not built, or the file imports what it may not.
  func launcher(of file: String, in manifest: AssignmentManifest) throws -> WorkerLauncher {
    switch kind {
    case .one(let launcher, let sources, let reserved):
      if let use = reserved.first(where: { $0.file == file }) { throw CheckFailure(use.sentence) }
      if let sources, let text = try? String(contentsOfFile: "\(sources)/\(file)", encoding: .utf8),
        let part = manifest.foreignImport(in: text, file: file)
      {
        throw CheckFailure(ReservedUse(file: file, name: part).sentence)
      }
      return launcher
    case .several(let launchers):
      let name = manifest.program(of: file).name
      guard let launcher = launchers[name] else {
        throw CheckFailure("the program \(name) was not built")
      }
      return launcher
    }
  }
}

extension AssignmentManifest {
  /// A part of the core that a file imports and is not to use.
  package func foreignImport(in text: String, file: String) -> String? {
    let foreign = Set((parts ?? [:]).keys).subtracting(program(of: file).parts).sorted()
    for line in text.split(whereSeparator: \.isNewline) {
      let words = line.split(whereSeparator: \.isWhitespace)
      guard let start = words.firstIndex(of: "import"),
        !words[..<start].contains(where: { $0.hasPrefix("//") })
      else { continue }
      let found = foreign.first { part in
        words[start...].contains { $0 == part || $0.hasPrefix(part + ".") }
      }
      if let found { return found }
    }
    return nil
  }
}
