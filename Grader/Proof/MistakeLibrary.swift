import Assignment
import Files
import Foundation
import NeuralNetworks
import TensorCore
import Yams

/// A unit's mistakes and right variants: `Grader/Units/<Unit>/Mistakes/*.yml`.
public struct MistakeLibrary: Sendable {
  /// All entries, in the order of tasks; right ones last.
  public let entries: [StudentMistake]
  private let solution: Solution
  /// Of each check what it asks.
  private let kinds: [String: CheckKind]

  /// How an entry is written. A file that is named after a task gives it to its entries.
  private struct Record: Decodable {
    let name: String
    let task: String?
    let mistake: String?
    let says: Says?
    let hint: String?
    let changes: [SourceEdit]
    let fails: [String]?
    let may: [String]?
  }

  /// What the student reads: a text, or a list of texts of which one is read.
  private struct Says: Decodable {
    let words: [String]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      // what is neither is told as no list
      words =
        try (try? container.decode(String.self)).map { [$0] }
        ?? container.decode([String].self)
    }
  }

  /// Reads the library and tries every change.
  ///
  /// - Parameters:
  ///   - folder: where the YAML files are.
  ///   - solutions: what the changes are made in.
  ///   - known: the known mistakes that checks call by their names, and what they say of them.
  /// - Throws: `MistakeError` with the entry's name, `FileError.cannotRead`.
  public init(
    folder: URL, solutions: URL, manifest: AssignmentManifest, known: [MistakeName: String]
  ) throws {
    let solution = Solution(
      files: try Dictionary(
        uniqueKeysWithValues: manifest.files.map { name in
          (name, SolutionFile(name: name, text: try Self.read(solutions, name)))
        }))
    self.solution = solution
    kinds = Dictionary(
      uniqueKeysWithValues: manifest.tasks.flatMap(\.checks).map { ($0.id, $0.kind) })
    entries = try (manifest.tasks.map(\.name) + ["Correct"]).flatMap { name in
      let text = try Self.read(folder, name + ".yml")
      let records: [Record]
      do {
        records = try YAMLDecoder().decode([Record].self, from: text)
      } catch {
        throw MistakeError("\(name).yml is not a list of entries: \(error)")
      }
      return try records.map { record in
        do {
          return try Self.entry(record, in: name, manifest, solution, known)
        } catch let error as MistakeError {
          throw MistakeError("\(record.name): \(error)")
        }
      }
    }
    var names: Set<String> = []
    for entry in entries where !names.insert(entry.name).inserted {
      throw MistakeError("\(entry.name) is there twice")
    }
  }

  private static func read(_ folder: URL, _ name: String) throws -> String {
    let file = folder.appendingPathComponent(name)
    guard let text = try? String(contentsOf: file, encoding: .utf8) else {
      throw FileError.cannotRead(path: file.path, reason: "no such file, or no text")
    }
    return text
  }

  private static func entry(
    _ record: Record, in file: String, _ manifest: AssignmentManifest, _ solution: Solution,
    _ known: [MistakeName: String]
  ) throws -> StudentMistake {
    let name = record.task ?? file
    guard let task = manifest.tasks.first(where: { $0.name == name }) else {
      throw MistakeError("there is no task \(name)")
    }
    let (isRight, fails) = (file == "Correct", record.fails ?? [])
    guard isRight == (record.mistake == nil && record.says == nil),
      isRight == (record.hint == nil), isRight == fails.isEmpty
    else {
      throw MistakeError(
        "a mistake has mistake or says, hint and fails, a right variant none of them")
    }
    let mistake = try record.mistake.map { try Self.known($0, ofTask: name, known) }
    let checks = manifest.tasks.flatMap { $0.checks.map(\.id) }
    if let unknown = (fails + (record.may ?? [])).first(where: {
      !$0.hasSuffix("*") && !checks.contains($0)
    }) {
      throw MistakeError("there is no check \(unknown)")
    }
    let edits = Dictionary(grouping: record.changes) { $0.file ?? task.file }
    return StudentMistake(
      name: record.name, task: name,
      called: mistake.map { .known($0) } ?? record.says.map { .words($0.words) },
      says: record.says?.words.joined(separator: ", or ") ?? mistake.flatMap { known[$0] },
      hint: record.hint, fails: fails, may: record.may ?? [], edits: edits,
      files: try solution.applying(edits))
  }

  /// The known mistake of a name as entries have it: of the model that is called as the task, or with the
  /// model before it, as in `movingAverage/window-sum`.
  private static func known(
    _ text: String, ofTask task: String, _ known: [MistakeName: String]
  ) throws -> MistakeName {
    let name = MistakeName(text) ?? MistakeName(subject: task, id: text)
    if known[name] != nil { return name }
    // the one of the same model sooner than one of the same id
    let near =
      Spelling.nearest(
        to: name.id, in: known.keys.filter { $0.subject == name.subject }.map(\.id).sorted()
      ).map { MistakeName(subject: name.subject, id: $0).description }
      ?? Spelling.nearest(to: "\(name)", in: known.keys.map(\.description).sorted())
      ?? known.keys.filter { $0.id == name.id }.map(\.description).min()
    throw MistakeError(
      "there is no known mistake \(name)" + (near.map { "; did you mean \($0)?" } ?? ""))
  }

  /// Writes entries as a class of submissions. Entries without a common file share one, named after
  /// the first: they have nothing to do with each other, and most of the time is spent on building.
  ///
  /// - Parameter target: a folder that is made anew.
  /// - Returns: each entry's submission, by their names.
  public func write(_ entries: [StudentMistake], to target: URL) throws -> [String: String] {
    try? FileManager.default.removeItem(at: target)
    var submissions: [(name: String, files: Set<String>)] = []
    var places: [String: String] = [:]
    for entry in entries {
      let own = Set(entry.files.keys)
      let place = submissions.firstIndex { $0.files.isDisjoint(with: own) } ?? submissions.count
      if place == submissions.count { submissions.append((entry.name, [])) }
      submissions[place].files.formUnion(own)
      places[entry.name] = submissions[place].name
      let folder = target.appendingPathComponent(submissions[place].name)
      try AtomicFile.createFolder(folder.path)
      for (name, text) in entry.files {
        try text.write(to: folder.appendingPathComponent(name), atomically: false, encoding: .utf8)
      }
    }
    return places
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
    let single = entries.filter { $0.fails.count == 1 && kinds[$0.fails[0]] == .values }
    var all: [(StudentMistake, StudentMistake)] = []
    for (place, first) in single.enumerated() {
      for second in single[(place + 1)...]
      where second.task == first.task && second.called != first.called {
        all.append((first, second))
      }
    }
    var generator = MersenneTwister(seed: seed)
    let pairs = all.shuffled(using: &generator).lazy.compactMap { first, second in
      joined(first, second).map { Pair(first: first, second: second, joined: $0) }
    }
    return Array(pairs.prefix(count))
  }

  /// Both mistakes at once; nil where their changes meet.
  private func joined(_ first: StudentMistake, _ second: StudentMistake) -> StudentMistake? {
    let edits = first.edits.merging(second.edits) { $0 + $1 }
    guard let files = try? solution.applying(edits) else { return nil }
    return StudentMistake(
      name: "\(first.name)+\(second.name)", task: first.task, called: nil, says: nil, hint: nil,
      fails: first.fails + second.fails, may: first.may + second.may, edits: edits, files: files)
  }
}
