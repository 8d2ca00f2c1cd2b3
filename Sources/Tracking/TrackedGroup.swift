import Files
import Foundation

/// A run with runs inside, such as a study with its trials, and which of them are in a store already: after a kill the
/// same command goes on with the same ones.
package struct TrackedGroup: Sendable {
  /// What is remembered.
  private struct Memory: Codable {
    let store: String
    let experiment: String
    let run: String
    var parts: [String: String] = [:]
  }

  private let store: any TrackingStore
  private let path: String
  private let source: String
  private var memory: Memory

  /// Goes on with the run that a file remembers, or begins one.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - experiment: its name.
  ///   - content: what a new run is made with.
  /// - Throws: a sentence where the store cannot be used.
  package init(
    _ store: any TrackingStore, rememberedIn path: String, experiment: String, name: String,
    source: String, content: @autoclosure () -> RunContent
  ) throws {
    self.store = store
    self.path = path
    self.source = source
    if let kept = Memory(jsonFile: path), kept.store == store.description {
      memory = kept
      // it had ended, or been killed
      try store.resume(kept.run, in: kept.experiment)
      return
    }
    let experiment = try store.experiment(named: experiment)
    let run = try store.begin(RunStart(name: name, source: source), in: experiment)
    memory = Memory(store: store.description, experiment: experiment, run: run)
    try store.add(content(), to: run, in: experiment)
    try memory.write(jsonFile: path)
  }

  /// Whether a part is in the store.
  package func has(_ part: String) -> Bool { memory.parts[part] != nil }

  /// Puts a part that has ended into the store.
  ///
  /// - Parameters:
  ///   - part: by which it is known again.
  ///   - name: how the run is called; the part's if nothing is said.
  ///   - seconds: how long it took.
  ///   - files: by the names that they get.
  package mutating func add(
    _ part: String, name: String? = nil, _ content: RunContent, seconds: Double,
    files: [String: String] = [:],
    status: RunStatus = .finished
  ) throws {
    let end = Date()
    let run = try store.begin(
      RunStart(
        name: name ?? part, parent: memory.run, date: end.addingTimeInterval(-seconds),
        source: source),
      in: memory.experiment)
    try store.add(content, to: run, in: memory.experiment)
    for (name, path) in files.sorted(by: { $0.key < $1.key }) {
      try store.add(file: path, named: name, to: run, in: memory.experiment)
    }
    try store.end(run, in: memory.experiment, as: status, at: end)
    memory.parts[part] = run
    try memory.write(jsonFile: path)
  }

  /// Adds to the run itself.
  package func add(_ content: RunContent, files: [String: String] = [:]) throws {
    try store.add(content, to: memory.run, in: memory.experiment)
    for (name, path) in files.sorted(by: { $0.key < $1.key }) {
      try store.add(file: path, named: name, to: memory.run, in: memory.experiment)
    }
  }

  /// Ends the run itself.
  package func end(as status: RunStatus) throws {
    try store.end(memory.run, in: memory.experiment, as: status, at: Date())
  }
}
