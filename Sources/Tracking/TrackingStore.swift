import Foundation

/// Where runs are kept for MLflow: what it calls a tracking store. A run has parameters, metrics by step, tags and
/// files.
package protocol TrackingStore: Sendable {
  /// What is said of the store, for people.
  var description: String { get }
  /// The experiment of a name, which is made where there is none.
  ///
  /// - Returns: its number.
  func experiment(named name: String) throws -> String
  /// Begins a run.
  ///
  /// - Returns: its number.
  func begin(_ run: RunStart, in experiment: String) throws -> String
  /// Goes on with a run that has ended.
  func resume(_ run: String, in experiment: String) throws
  /// Adds to a run.
  func add(_ content: RunContent, to run: String, in experiment: String) throws
  /// Adds a file to a run, under a name.
  func add(file path: String, named name: String, to run: String, in experiment: String) throws
  /// Ends a run.
  func end(_ run: String, in experiment: String, as status: RunStatus, at date: Date) throws
}

/// What a run begins with.
package struct RunStart: Sendable {
  /// How it is called.
  package let name: String
  /// The run that it is a part of.
  package let parent: String?
  /// When it began.
  package let date: Date
  /// The command, as MLflow shows it for a run's source.
  package let source: String

  /// Describes the beginning of a run.
  package init(name: String, parent: String? = nil, date: Date = Date(), source: String) {
    self.name = name
    self.parent = parent
    self.date = date
    self.source = source
  }

  /// What MLflow itself says of a run, as tags.
  var tags: [String: String] {
    var tags = [
      "mlflow.runName": name, "mlflow.source.name": source, "mlflow.source.type": "LOCAL",
      "mlflow.user": NSUserName(),
    ]
    tags["mlflow.parentRunId"] = parent
    return tags
  }
}

/// What a run has.
package struct RunContent: Sendable {
  /// A figure at a step, such as an epoch.
  package struct Figure: Sendable {
    package let name: String
    package let value: Double
    package let step: Int
    /// When it was measured.
    package let date: Date

    /// Describes a figure.
    package init(_ name: String, _ value: Double, step: Int = 0, date: Date = Date()) {
      self.name = name
      self.value = value
      self.step = step
      self.date = date
    }
  }

  /// What it was made with, by name.
  package var parameters: [String: String]
  /// Its figures.
  package var metrics: [Figure]
  /// Words about it, by name.
  package var tags: [String: String]

  /// Describes a part of a run.
  package init(
    parameters: [String: String] = [:], metrics: [Figure] = [], tags: [String: String] = [:]
  ) {
    self.parameters = parameters
    self.metrics = metrics
    self.tags = tags
  }
}

/// How a run stands.
package enum RunStatus: String, Sendable {
  case running = "RUNNING"
  case finished = "FINISHED"
  case failed = "FAILED"
  case killed = "KILLED"

  /// The number that MLflow's files have for it.
  var number: Int {
    switch self {
    case .running: 1
    case .finished: 3
    case .failed: 4
    case .killed: 5
    }
  }
}

/// Why runs cannot be kept; one sentence.
package struct TrackingError: Error, CustomStringConvertible {
  package let description: String

  package init(description: String) { self.description = description }
}

extension Date {
  /// Milliseconds since 1970, as MLflow counts.
  var milliseconds: Int { Int((timeIntervalSince1970 * 1000).rounded()) }
}

/// The store that `--mlflow` names: a server where it begins as an address of one does, else a folder.
package func trackingStore(_ place: String) throws -> any TrackingStore {
  if place.hasPrefix("http://") || place.hasPrefix("https://") {
    return try TrackingServer(place)
  }
  let path = place.hasPrefix("file://") ? String(place.dropFirst("file://".count)) : place
  guard !path.isEmpty, !path.contains("://") else {
    throw TrackingError(
      description:
        "--mlflow is \(place); give a folder, or a server's address that begins with http:// "
        + "or https://")
  }
  return TrackingFolder(path)
}
