import Assignment

/// The functions that a task asks for: those of the file as handed out that throw `Unimplemented` for
/// it, which keep their names when they are written.
struct TaskFunctions {
  /// As in `func callAsFunction`, and which one of that name it is in its file.
  private struct Declaration: Equatable {
    let name: String
    let number: Int
  }

  private let declarations: [Declaration]

  /// Looks into the file as handed out.
  init(of task: AssignmentManifest.Task, stub: String) {
    let lines = stub.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let all = Self.declarations(in: lines)
    let mark = "Unimplemented(\"\(task.id)\")"
    var found: [Declaration] = []
    for (index, line) in lines.enumerated() where line.contains(mark) {
      guard let own = all.last(where: { $0.line <= index + 1 })?.declaration, found.last != own
      else { continue }
      found.append(own)
    }
    declarations = found
  }

  /// The line of a student's file, from 1, where what a check found belongs; nil where no function of
  /// the task is in it.
  ///
  /// What parameters there are and how they start is said where they are made, by the first of several;
  /// all else by the last.
  func line(of kind: CheckKind, in lines: [String]) -> Int? {
    let own = Self.declarations(in: lines.map { $0[...] })
    let places = declarations.compactMap { declaration in
      own.first { $0.declaration == declaration }?.line
        ?? own.first { $0.declaration.name == declaration.name }?.line
    }
    return [.parameters, .start].contains(kind) ? places.first : places.last
  }

  private static func declarations(
    in lines: [Substring]
  ) -> [(line: Int, declaration: Declaration)] {
    var counts: [String: Int] = [:]
    return lines.enumerated().compactMap { index, line in
      guard let name = name(declaredIn: line) else { return nil }
      counts[name, default: 0] += 1
      return (index + 1, Declaration(name: name, number: counts[name] ?? 1))
    }
  }

  /// As in `init` and `func softmax`, if a line begins a function.
  private static func name(declaredIn line: Substring) -> String? {
    for word in line.split(separator: " ") {
      if word.hasPrefix("init") {
        let rest = word.dropFirst(4)
        return ["(", "<", "?", "!"].contains(rest.first ?? " ") ? "init" : nil
      }
      if word == "func" {
        guard let end = line.firstRange(of: "func ")?.upperBound else { return nil }
        let name = line[end...].drop { $0 == " " }.prefix { $0 != "(" && $0 != "<" && $0 != " " }
        return name.isEmpty ? nil : "func " + name
      }
      // attributes and modifiers, as in `@inlinable public static`
      let isModifier =
        word.first == "@" || word.allSatisfy { $0.isLowercase || $0 == "(" || $0 == ")" }
      guard isModifier else { return nil }
    }
    return nil
  }
}
