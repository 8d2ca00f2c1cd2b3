import ArgumentParser
import Assignment
import Foundation

/// Which unit a command is about.
struct UnitOption: ParsableArguments {
  @Option(
    name: .customLong("unit"),
    help: "The unit, by the name of its folder; needed only where it is not clear.")
  var name: String?

  func validate() throws {
    // Anything else could leave the folder of units.
    guard let name else { return }
    guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }), !name.isEmpty else {
      throw ValidationError("--unit must be the name of a unit: letters and digits.")
    }
  }
}

/// A unit and what is said of it.
struct UnitManifest {
  let name: String
  let manifest: AssignmentManifest
}

extension WorkingCopy {
  /// The units that are there, sorted.
  var units: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root + "/Assignments")) ?? []
    return names.filter { FileManager.default.fileExists(atPath: manifestPath($0)) }.sorted()
  }

  /// The path of a unit's assignment file.
  func manifestPath(_ unit: String) -> String { assignment(unit) + "/assignment.yml" }

  /// Where a unit's checkpoints, hints and results are kept; a short path where one will do.
  func state(_ unit: String) -> String {
    let isHere = FileManager.default.currentDirectoryPath == root
    return (isHere ? "" : root + "/") + ".rhythmlab/\(unit)"
  }

  /// The unit that was named, or the only one.
  ///
  /// - Throws: a sentence with all units where there is no such unit, or there are several to choose
  ///   from; what is wrong with its assignment file.
  func unit(_ option: UnitOption) throws -> UnitManifest {
    let names = try names(option.name)
    guard names.count == 1 else {
      throw WorkingCopyError(description: "there are several units; add " + Self.choice(names))
    }
    return try read(names[0])
  }

  /// The units that a command with nothing to tell them by is about: the one that was named, or all, in the order
  /// of their tasks' numbers.
  ///
  /// - Throws: as `unit(_:)`, but for several.
  func units(_ option: UnitOption) throws -> [UnitManifest] {
    try taughtUnits(named: option.name)
  }

  /// The same by its name alone.
  func taughtUnits(named name: String?) throws -> [UnitManifest] {
    func number(_ unit: UnitManifest) -> String { unit.manifest.tasks.first?.id ?? "" }
    return try names(name).map(read).sorted { first, second in
      number(first).compare(number(second), options: .numeric) == .orderedAscending
    }
  }

  /// A unit's assignment file, which is of that unit.
  private func read(_ unit: String) throws -> UnitManifest {
    let manifest = try AssignmentManifest.read(manifestPath(unit))
    guard manifest.unit == unit else {
      throw WorkingCopyError(
        description: "\(manifestPath(unit)) says that it is of the unit \(manifest.unit); "
          + "unit: there is the name of its folder, \(unit)")
    }
    return UnitManifest(name: unit, manifest: manifest)
  }

  /// The unit that was named, or the only one that has what is asked for.
  ///
  /// - Parameters:
  ///   - what: as in `network LSTMNet`.
  ///   - all: names of what could be asked for instead.
  ///   - has: whether a unit has it.
  /// - Throws: a sentence where no unit has it, or several do.
  func unit(
    _ option: UnitOption, having what: String, of all: (AssignmentManifest) -> [String],
    where has: (AssignmentManifest) -> Bool
  ) throws -> UnitManifest {
    // what is wrong with one unit's file is no matter where another has what is asked for
    let read = try names(option.name).map { unit in
      Result { try self.read(unit) }
    }
    let candidates = read.compactMap { try? $0.get() }
    let found = candidates.filter { has($0.manifest) }
    guard let first = found.first else {
      for unit in read { _ = try unit.get() }
      throw ValidationError(
        "there is no \(what); choose from "
          + candidates.flatMap { all($0.manifest) }.joined(separator: ", ") + ".")
    }
    guard found.count == 1 else {
      throw ValidationError(
        "\(what): several units have one; add " + Self.choice(found.map(\.name)) + ".")
    }
    return first
  }

  /// The unit of a task, or, where no task is named, the one that was named or the only one.
  ///
  /// - Parameter task: the task's number or name.
  /// - Throws: as `unit(_:)`; the task is looked for in one unit where there is but one.
  func unit(_ option: UnitOption, ofTask task: String?) throws -> UnitManifest {
    guard let task, option.name == nil, units.count > 1 else { return try unit(option) }
    return try unit(
      option, having: "task \(task)", of: { $0.tasks.map(\.id) },
      where: { (try? $0.task(named: task)) != nil })
  }

  /// What is to be typed to choose one of some units.
  static func choice(_ units: [String]) -> String {
    units.map { "--unit \($0)" }.joined(separator: " or ")
  }

  /// The name that was given, or all; at least one.
  private func names(_ chosen: String?) throws -> [String] {
    let all = units
    guard !all.isEmpty else {
      throw WorkingCopyError(description: "there is no unit in \(root)/Assignments")
    }
    guard let name = chosen else { return all }
    guard all.contains(name) else {
      throw WorkingCopyError(
        description: "there is no unit \(name); there are \(all.joined(separator: ", "))")
    }
    return [name]
  }
}
