import Foundation

/// A tracking server of MLflow's, over its REST interface, version 2.0.
///
/// Source: https://mlflow.org/docs/latest/rest-api.html
package struct TrackingServer: TrackingStore {
  private let address: URL
  private let http = HTTPRequest()

  /// A server at an address such as `http://localhost:5000`.
  package init(_ address: String) throws {
    let trimmed = address.hasSuffix("/") ? String(address.dropLast()) : address
    guard let url = URL(string: trimmed), url.host?.isEmpty == false else {
      throw TrackingError(
        description: "\(address) is no address of a server, such as http://localhost:5000")
    }
    self.address = url
  }

  package var description: String { address.absoluteString }

  private struct Pair: Codable {
    let key: String
    let value: String
  }

  private struct ExperimentAnswer: Decodable {
    struct Experiment: Decodable {
      let experiment_id: String
      let lifecycle_stage: String?
    }
    let experiment: Experiment
  }

  private struct RunAnswer: Decodable {
    struct Run: Decodable {
      struct Info: Decodable {
        let run_id: String
        let artifact_uri: String
      }
      let info: Info
    }
    let run: Run
  }

  private struct Problem: Decodable {
    let error_code: String
    let message: String?
  }

  package func experiment(named name: String) throws -> String {
    var unreserved = CharacterSet.alphanumerics
    unreserved.insert(charactersIn: "-._~")
    let word = name.addingPercentEncoding(withAllowedCharacters: unreserved) ?? name
    do {
      let found = try ask(
        ExperimentAnswer.self, "GET", "experiments/get-by-name?experiment_name=\(word)"
      ).experiment
      guard found.lifecycle_stage != "deleted" else {
        throw TrackingError(
          description: "MLflow's experiment \(name) at \(address) was deleted; restore it, or use "
            + "another server")
      }
      return found.experiment_id
    } catch is Missing {
      struct Made: Decodable { let experiment_id: String }
      return try ask(Made.self, "POST", "experiments/create", ["name": name]).experiment_id
    }
  }

  package func begin(_ run: RunStart, in experiment: String) throws -> String {
    struct Body: Encodable {
      let experiment_id, run_name, user_id: String
      let start_time: Int
      let tags: [Pair]
    }
    return try ask(
      RunAnswer.self, "POST", "runs/create",
      Body(
        experiment_id: experiment, run_name: run.name, user_id: NSUserName(),
        start_time: run.date.milliseconds, tags: Self.pairs(run.tags))
    ).run.info.run_id
  }

  package func add(_ content: RunContent, to run: String, in experiment: String) throws {
    struct Metric: Encodable {
      let key: String
      let value: Double
      let timestamp, step: Int
    }
    struct Body: Encodable {
      let run_id: String
      var metrics: [Metric] = []
      var params: [Pair] = []
      var tags: [Pair] = []
    }
    func send(_ body: Body) throws { _ = try ask(Nothing.self, "POST", "runs/log-batch", body) }
    let metrics = content.metrics.map {
      Metric(key: $0.name, value: $0.value, timestamp: $0.date.milliseconds, step: $0.step)
    }
    // the server takes a thousand metrics, and a hundred of the others, at a time
    for part in Self.parts(metrics, of: 1000) { try send(Body(run_id: run, metrics: part)) }
    for part in Self.parts(Self.pairs(content.parameters), of: 100) {
      try send(Body(run_id: run, params: part))
    }
    for part in Self.parts(Self.pairs(content.tags), of: 100) {
      try send(Body(run_id: run, tags: part))
    }
  }

  package func add(
    file path: String, named name: String, to run: String, in experiment: String
  ) throws {
    let place = try ask(RunAnswer.self, "GET", "runs/get?run_id=\(run)").run.info.artifact_uri
    let scheme = "mlflow-artifacts:/"
    guard place.hasPrefix(scheme) else {
      throw TrackingError(
        description:
          "the server at \(address) keeps files at \(place), where they cannot be sent: start it "
          + "with --serve-artifacts")
    }
    let own = place.dropFirst(scheme.count).drop { $0 == "/" }
    let allowed = CharacterSet.urlPathAllowed
    let target = "\(own)/\(name)".addingPercentEncoding(withAllowedCharacters: allowed) ?? name
    let answer = try http.send(
      "PUT", "\(address.absoluteString)/api/2.0/mlflow-artifacts/artifacts/\(target)",
      file: path, type: "application/octet-stream")
    try check(answer, "mlflow-artifacts")
  }

  package func resume(_ run: String, in experiment: String) throws {
    _ = try ask(
      Nothing.self, "POST", "runs/update",
      ["run_id": run, "status": RunStatus.running.rawValue])
  }

  package func end(
    _ run: String, in experiment: String, as status: RunStatus, at date: Date
  ) throws {
    struct Body: Encodable {
      let run_id, status: String
      let end_time: Int
    }
    _ = try ask(
      Nothing.self, "POST", "runs/update",
      Body(run_id: run, status: status.rawValue, end_time: date.milliseconds))
  }

  private struct Nothing: Codable {}
  /// There is no such thing.
  private struct Missing: Error, CustomStringConvertible {
    let description: String
  }

  private func ask<Answer: Decodable>(
    _ type: Answer.Type, _ method: String, _ path: String, _ body: (some Encodable)? = Nothing?.none
  ) throws -> Answer {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    let answer = try http.send(
      method, "\(address.absoluteString)/api/2.0/mlflow/\(path)",
      body: try body.map(encoder.encode),
      type: "application/json")
    try check(answer, path)
    do {
      return try JSONDecoder().decode(type, from: answer.body)
    } catch {
      throw TrackingError(
        description: "the server at \(address) answers \(path) with something else than MLflow does"
      )
    }
  }

  private func check(_ answer: HTTPRequest.Answer, _ path: String) throws {
    guard !(200..<300).contains(answer.status) else { return }
    let problem = try? JSONDecoder().decode(Problem.self, from: answer.body)
    let sentence =
      "the server at \(address) refuses \(path) (\(answer.status)): "
      + (problem?.message ?? "it says nothing more; is it MLflow's?")
    if problem?.error_code == "RESOURCE_DOES_NOT_EXIST" { throw Missing(description: sentence) }
    throw TrackingError(description: sentence)
  }

  private static func pairs(_ words: [String: String]) -> [Pair] {
    words.sorted { $0.key < $1.key }.map { Pair(key: $0.key, value: $0.value) }
  }

  private static func parts<Element>(_ elements: [Element], of size: Int) -> [[Element]] {
    stride(from: 0, to: elements.count, by: size).map {
      Array(elements[$0..<min($0 + size, elements.count)])
    }
  }
}
