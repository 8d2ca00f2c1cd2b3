import Files
import Foundation
import Yams

/// MLflow's file store: a folder an experiment with a folder a run, in which each parameter, metric and tag is a file.
/// A run is there as soon as its `meta.yaml` is, which is written last.
///
/// Source: `mlflow/store/tracking/file_store.py` of MLflow 3.17. That version reads such a folder where
/// `MLFLOW_ALLOW_FILE_STORE=true` is set, and makes a database of it with `mlflow migrate-filestore`.
package struct TrackingFolder: TrackingStore {
  private let folder: String

  /// A store in a folder, which need not be there yet.
  package init(_ folder: String) {
    self.folder = URL(fileURLWithPath: folder).standardizedFileURL.path
  }

  package var description: String { folder }

  private struct Experiment: Codable {
    var artifact_location: String
    var creation_time: Int
    var experiment_id: String
    var last_update_time: Int
    var lifecycle_stage = "active"
    var name: String
  }

  private struct Run: Codable {
    var artifact_uri: String
    var end_time: Int?
    var entry_point_name = ""
    var experiment_id: String
    var lifecycle_stage = "active"
    var run_id: String
    var run_name: String
    var source_name = ""
    var source_type = 4
    var source_version = ""
    var start_time: Int
    var status: Int
    var tags: [String] = []
    var user_id: String
  }

  package func experiment(named name: String) throws -> String {
    let numbers = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    for number in numbers {
      guard let text = try? String(contentsOfFile: meta(number), encoding: .utf8),
        let found = try? YAMLDecoder().decode([String: Word].self, from: text)
      else { continue }
      guard found["name"]?.text == name else { continue }
      guard found["lifecycle_stage"]?.text == "active" else {
        throw TrackingError(
          description:
            "MLflow's experiment \(name) in \(folder) was deleted; restore it, or choose "
            + "another folder")
      }
      return number
    }
    // 18 digits, as MLflow's own; the default experiment is 0
    let number = "\(UInt64.random(in: 100_000_000_000_000_000...999_999_999_999_999_999))"
    let now = Date().milliseconds
    try AtomicFile.createFolder("\(folder)/\(number)/tags")
    try write(
      Experiment(
        artifact_location: address("\(folder)/\(number)"), creation_time: now,
        experiment_id: number, last_update_time: now, name: name), to: meta(number))
    return number
  }

  package func begin(_ run: RunStart, in experiment: String) throws -> String {
    let number = UUID().uuidString.lowercased().filter { $0 != "-" }
    let own = "\(folder)/\(experiment)/\(number)"
    for part in ["artifacts", "metrics", "params", "tags"] {
      try AtomicFile.createFolder("\(own)/\(part)")
    }
    try add(RunContent(tags: run.tags), to: number, in: experiment)
    try write(
      Run(
        artifact_uri: address(own + "/artifacts"), experiment_id: experiment, run_id: number,
        run_name: run.name, start_time: run.date.milliseconds, status: RunStatus.running.number,
        user_id: NSUserName()), to: meta("\(experiment)/\(number)"))
    return number
  }

  package func add(_ content: RunContent, to run: String, in experiment: String) throws {
    let own = "\(folder)/\(experiment)/\(run)"
    for (part, words) in [("params", content.parameters), ("tags", content.tags)] {
      for (name, value) in words {
        try requireName(name)
        try AtomicFile.prepare(for: "\(own)/\(part)/\(name)")
        try AtomicFile.write(value, to: "\(own)/\(part)/\(name)")
      }
    }
    for (name, metrics) in Dictionary(grouping: content.metrics, by: \.name) {
      try requireName(name)
      let path = "\(own)/metrics/\(name)"
      try AtomicFile.prepare(for: path)
      let before = FileManager.default.contents(atPath: path) ?? Data()
      let lines = metrics.map { "\($0.date.milliseconds) \(Self.number($0.value)) \($0.step)\n" }
      try AtomicFile.write(before + Data(lines.joined().utf8), to: path)
    }
  }

  package func add(
    file path: String, named name: String, to run: String, in experiment: String
  ) throws {
    try requireName(name)
    guard let data = FileManager.default.contents(atPath: path) else {
      throw FileError.cannotRead(path: path, reason: "there is no such file")
    }
    let own = "\(folder)/\(experiment)/\(run)/artifacts/\(name)"
    try AtomicFile.prepare(for: own)
    try AtomicFile.write(data, to: own)
  }

  package func resume(_ run: String, in experiment: String) throws {
    try change(run, in: experiment) { ($0.status, $0.end_time) = (RunStatus.running.number, nil) }
  }

  package func end(
    _ run: String, in experiment: String, as status: RunStatus, at date: Date
  ) throws {
    try change(run, in: experiment) {
      ($0.status, $0.end_time) = (status.number, date.milliseconds)
    }
  }

  private func change(
    _ run: String, in experiment: String, _ change: (inout Run) -> Void
  ) throws {
    let path = meta("\(experiment)/\(run)")
    guard let text = try? String(contentsOfFile: path, encoding: .utf8),
      var kept = try? YAMLDecoder().decode(Run.self, from: text)
    else {
      throw TrackingError(
        description: "\(path) is not there any more, or none of this program's runs")
    }
    change(&kept)
    try write(kept, to: path)
  }

  private func meta(_ place: String) -> String { "\(folder)/\(place)/meta.yaml" }

  private func address(_ path: String) -> String {
    URL(fileURLWithPath: path, isDirectory: false).absoluteString
  }

  private func write(_ value: some Encodable, to path: String) throws {
    try AtomicFile.write(try YAMLEncoder().encode(value), to: path)
  }

  /// Names become paths.
  private func requireName(_ name: String) throws {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let isPlain = name.unicodeScalars.allSatisfy {
      $0.isASCII && ($0.properties.isAlphabetic || "0123456789_-. :/".unicodeScalars.contains($0))
    }
    guard isPlain, parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
      throw TrackingError(
        description: "MLflow takes names of letters, digits, and _-. :/ alone, and not \(name)")
    }
  }

  /// As Python writes and reads it.
  private static func number(_ value: Double) -> String {
    value.isNaN ? "nan" : value.isInfinite ? (value < 0 ? "-inf" : "inf") : "\(value)"
  }

  /// A word or number of a file that somebody else wrote; nil for what is neither.
  private struct Word: Decodable {
    let text: String?

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      text = try? value.decode(String.self)
    }
  }
}
