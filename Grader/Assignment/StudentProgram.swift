/// A program that a submission's files are compiled into: those that may use the same parts of the
/// core, so that what a task may not use is not in its program.
public struct StudentProgram: Hashable, Sendable, Comparable {
  /// The modules of the parts that are linked, in order; none for most tasks.
  public let parts: [String]

  /// Describes the program with these parts.
  public init(parts: some Sequence<String>) { self.parts = Set(parts).sorted() }

  /// As in `core` and `core+RecurrentLayers`: names a folder, and tells programs apart in requests.
  public var name: String { (["core"] + parts).joined(separator: "+") }

  /// By the number of parts.
  public static func < (left: Self, right: Self) -> Bool {
    (left.parts.count, left.name) < (right.parts.count, right.name)
  }
}

extension AssignmentManifest {
  /// The program in which a file's tasks are judged: with the parts that the file may use, and no
  /// others.
  public func program(of file: String) -> StudentProgram {
    StudentProgram(parts: (parts ?? [:]).filter { $1.files.contains(file) }.keys)
  }

  /// The programs of all tasks, the one with the fewest parts first.
  public var programs: [StudentProgram] { Set(tasks.map { program(of: $0.file) }).sorted() }

  /// A program with all parts, for uses in which nothing is judged.
  public var wholeProgram: StudentProgram { StudentProgram(parts: (parts ?? [:]).keys) }

  /// Whether a file is compiled into a program: it is where it needs no other part.
  public func belongs(_ file: String, to program: StudentProgram) -> Bool {
    Set(self.program(of: file).parts).isSubset(of: program.parts)
  }

  /// The student's files that are compiled into a program.
  public func files(of program: StudentProgram) -> [String] {
    files.filter { belongs($0, to: program) }
  }

  /// What a file must not use and an error of the compiler speaks of: a part of the core that is not
  /// in the file's program, or something that the part holds.
  ///
  /// - Parameter error: as in `cannot find 'BuiltinLSTM' in scope`, `value of type 'Tensor' has no
  ///   member 'lstm'`, `no such module 'RecurrentLayers'`, `undefined symbol: rk_lstm`.
  public func reservedName(in error: String, file: String) -> String? {
    let own = program(of: file).parts
    for (part, entry) in (parts ?? [:]).sorted(by: { $0.key < $1.key }) where !own.contains(part) {
      for name in [part] + entry.holds {
        let path = name.split(separator: ".")
        let sentences =
          path.count == 2
          ? ["'\(path[0])' has no member '\(path[1])'"]
          : ["cannot find '\(name)' in", "cannot find type '\(name)' in"]
            + ["no such module '\(name)'", "no member named '\(name)'"]
        if sentences.contains(where: error.contains) || error.hasSuffix("undefined symbol: \(name)")
        {
          return path.last.map(String.init)
        }
      }
    }
    return nil
  }
}
