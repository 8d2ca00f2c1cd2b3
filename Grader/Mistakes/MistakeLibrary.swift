import Batch
import Foundation
import Judge
import TensorCore
import Yams

/// A unit's mistakes and right variants: `Grader/Mistakes/<Unit>/*.yml`.
public struct MistakeLibrary: Sendable {
  /// All entries, in the order of tasks; right ones last.
  public let entries: [StudentMistake]
  private let files: [String: SolutionFile]

  /// How an entry is written. A file that is named after a task gives it to its entries.
  private struct Record: Codable {
    let name: String
    let task: String?
    let says: String?
    let hint: String?
    let changes: [SourceEdit]
    let fails: [String]?
  }

  /// Reads the library and tries every change.
  ///
  /// - Parameters:
  ///   - folder: where the YAML files are.
  ///   - solutions: what the changes are made in.
  /// - Throws: `MistakeError` with the entry's name, `BatchError.cannotRead`.
  public init(folder: URL, solutions: URL, manifest: AssignmentManifest) throws {
    files = try Dictionary(
      uniqueKeysWithValues: manifest.files.map { name in
        (name, SolutionFile(name: name, text: try Self.read(solutions, name)))
      })
    let checks = manifest.tasks.flatMap { $0.checks.map(\.id) }
    entries = try (manifest.tasks.map(\.name) + ["Correct"]).flatMap { name in
      let text = try Self.read(folder, name + ".yml")
      let records: [Record]
      do {
        records = try YAMLDecoder().decode([Record].self, from: text)
      } catch {
        throw MistakeError("\(name).yml is not a list of entries: \(error)")
      }
      return try records.map { try Self.entry($0, in: name, manifest) }
    }
    var names: Set<String> = []
    for entry in entries {
      guard names.insert(entry.name).inserted else {
        throw MistakeError("\(entry.name) is there twice")
      }
      if let unknown = entry.fails.first(where: { !$0.hasSuffix("*") && !checks.contains($0) }) {
        throw MistakeError("\(entry.name): there is no check \(unknown)")
      }
      do {
        _ = try source(of: entry)
      } catch let error as MistakeError {
        throw MistakeError("\(entry.name): \(error)")
      }
    }
  }

  private static func read(_ folder: URL, _ name: String) throws -> String {
    let file = folder.appendingPathComponent(name)
    guard let text = try? String(contentsOf: file, encoding: .utf8) else {
      throw BatchError.cannotRead(path: file.path, reason: "no such file, or no text")
    }
    return text
  }

  private static func entry(
    _ record: Record, in file: String, _ manifest: AssignmentManifest
  ) throws -> StudentMistake {
    let name = record.task ?? file
    guard let task = manifest.tasks.first(where: { $0.name == name }) else {
      throw MistakeError("\(record.name): there is no task \(name)")
    }
    let isRight = file == "Correct"
    guard isRight == (record.says == nil), isRight == (record.hint == nil),
      isRight == (record.fails ?? []).isEmpty
    else {
      throw MistakeError(
        "\(record.name): a mistake has says, hint and fails, a right variant none of them")
    }
    return StudentMistake(
      name: record.name, task: name, says: record.says, hint: record.hint,
      fails: record.fails ?? [],
      edits: Dictionary(grouping: record.changes) { $0.file ?? task.file })
  }

  /// The files that differ from the solution.
  func source(of entry: StudentMistake) throws -> [String: String] {
    try Dictionary(
      uniqueKeysWithValues: entry.edits.map { name, edits in
        guard let file = files[name] else { throw MistakeError("\(name) is not a student's file") }
        return (name, try file.applying(edits))
      })
  }

  /// Writes entries as a class of submissions: the solution, but for what they change.
  ///
  /// - Parameter target: a folder that is made anew.
  public func write(_ entries: [StudentMistake], to target: URL) throws {
    try? FileManager.default.removeItem(at: target)
    for entry in entries {
      let folder = target.appendingPathComponent(entry.name)
      try AtomicFile.createFolder(folder.path)
      let changed = try source(of: entry)
      for (name, file) in files {
        try (changed[name] ?? file.text).write(
          to: folder.appendingPathComponent(name), atomically: false, encoding: .utf8)
      }
    }
  }

  /// Two mistakes at once.
  public struct Pair: Sendable {
    /// The two.
    public let first, second: StudentMistake
    /// Both of them.
    public let joined: StudentMistake
  }

  /// A sample of pairs of mistakes in the numbers of one task whose changes do not meet.
  ///
  /// - Parameters:
  ///   - count: how many there are at most.
  ///   - seed: what the sample is drawn by.
  public func pairs(of entries: [StudentMistake], count: Int, seed: UInt64) -> [Pair] {
    let single = entries.filter { $0.fails.count == 1 && $0.fails[0].hasSuffix(".values") }
    var all: [Pair] = []
    for (place, first) in single.enumerated() {
      for second in single[(place + 1)...]
      where second.task == first.task && second.says != first.says {
        let joined = first.joined(with: second)
        if (try? source(of: joined)) != nil {
          all.append(Pair(first: first, second: second, joined: joined))
        }
      }
    }
    var generator = MersenneTwister(seed: seed)
    return Array(all.shuffled(using: &generator).prefix(count))
  }
}
