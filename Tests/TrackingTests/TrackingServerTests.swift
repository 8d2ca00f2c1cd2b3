import Foundation
import Synchronization
import TestSupport
import XCTest

@testable import Tracking

/// What a tracking server is asked, by MLflow's REST interface (version 2.0, as MLflow 3.17's server takes it).
final class TrackingServerTests: XCTestCase {
  func testARunIsAskedFor() throws {
    let server = try AnsweringServer { request in
      switch request.line {
      case "GET /api/2.0/mlflow/experiments/get-by-name?experiment_name=A%20unit":
        (404, #"{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "none"}"#)
      case "POST /api/2.0/mlflow/experiments/create": (200, #"{"experiment_id": "7"}"#)
      case "POST /api/2.0/mlflow/runs/create", "GET /api/2.0/mlflow/runs/get?run_id=ab":
        (
          200,
          #"{"run": {"info": {"run_id": "ab", "artifact_uri": "mlflow-artifacts:/7/ab/artifacts"}}}"#
        )
      default: (200, "{}")
      }
    }
    defer { server.stop() }
    let store = try TrackingServer(server.address + "/")
    let experiment = try store.experiment(named: "A unit")
    XCTAssertEqual(experiment, "7")
    let run = try store.begin(
      RunStart(
        name: "trial 1", parent: "cd", date: Date(timeIntervalSince1970: 1.5), source: "rhythm"),
      in: experiment)
    XCTAssertEqual(run, "ab")
    let many = (0..<1001).map { RunContent.Figure("loss", Double($0), step: $0) }
    try store.add(
      RunContent(parameters: ["a": "1"], metrics: many + [.init("auroc", .nan)]), to: run,
      in: experiment)
    let scratch = try Scratch()
    let file = try scratch.write("weights", "best.safetensors")
    try store.add(file: file, named: "best.safetensors", to: run, in: experiment)
    try store.end(run, in: experiment, as: .killed, at: Date(timeIntervalSince1970: 3))

    let requests = server.requests
    // what goes on runs, and has no end
    try store.resume(run, in: experiment)
    let resumed = try XCTUnwrap(server.requests.last)
    XCTAssertEqual(resumed.line, "POST /api/2.0/mlflow/runs/update")
    XCTAssertEqual(
      try JSONSerialization.jsonObject(with: resumed.body) as? [String: String],
      ["run_id": "ab", "status": "RUNNING"])
    guard requests.count == 9 else { return XCTFail("\(requests.map(\.line))") }
    XCTAssertEqual(
      requests.map(\.line),
      [
        "GET /api/2.0/mlflow/experiments/get-by-name?experiment_name=A%20unit",
        "POST /api/2.0/mlflow/experiments/create", "POST /api/2.0/mlflow/runs/create",
        "POST /api/2.0/mlflow/runs/log-batch", "POST /api/2.0/mlflow/runs/log-batch",
        "POST /api/2.0/mlflow/runs/log-batch", "GET /api/2.0/mlflow/runs/get?run_id=ab",
        "PUT /api/2.0/mlflow-artifacts/artifacts/7/ab/artifacts/best.safetensors",
        "POST /api/2.0/mlflow/runs/update",
      ])
    func body(_ place: Int) throws -> [String: Any] {
      try XCTUnwrap(
        try JSONSerialization.jsonObject(with: requests[place].body) as? [String: Any])
    }
    XCTAssertEqual(try body(1)["name"] as? String, "A unit")
    XCTAssertEqual(try body(2)["start_time"] as? Int, 1500)
    let tags = try XCTUnwrap(try body(2)["tags"] as? [[String: String]])
    XCTAssertTrue(tags.contains(["key": "mlflow.parentRunId", "value": "cd"]))
    // a thousand at a time, and what is no number as a word
    XCTAssertEqual((try body(3)["metrics"] as? [Any])?.count, 1000)
    let rest = try XCTUnwrap(try body(4)["metrics"] as? [[String: Any]])
    XCTAssertEqual(rest.count, 2)
    XCTAssertEqual(rest.last?["value"] as? String, "NaN")
    XCTAssertEqual(try body(5)["params"] as? [[String: String]], [["key": "a", "value": "1"]])
    XCTAssertEqual(String(decoding: requests[7].body, as: UTF8.self), "weights")
    XCTAssertEqual(try body(8)["status"] as? String, "KILLED")
    XCTAssertEqual(try body(8)["end_time"] as? Int, 3000)
  }

  func testWhatAServerRefusesIsASentence() throws {
    let server = try AnsweringServer { request in
      request.line.contains("create")
        ? (400, #"{"error_code": "INVALID_PARAMETER_VALUE", "message": "no such thing"}"#)
        : request.line.contains("runs/update")
          ? (404, #"{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "Run 'a' not found"}"#)
          : request.line.contains("runs/get")
            ? (200, #"{"run": {"info": {"run_id": "a", "artifact_uri": "/mnt/files"}}}"#)
            : (200, "<html>")
    }
    defer { server.stop() }
    let store = try TrackingServer(server.address)
    XCTAssertTrue(
      errorText { try store.begin(RunStart(name: "a", source: "b"), in: "0") }.contains(
        "refuses runs/create (400): no such thing"))
    XCTAssertTrue(
      errorText { try store.experiment(named: "a") }.contains(
        "with something else than MLflow does"))
    XCTAssertTrue(
      errorText { try store.add(file: "/etc/hostname", named: "a", to: "a", in: "0") }.contains(
        "where they cannot be sent: start it with --serve-artifacts"))
    // a run that somebody has deleted there
    XCTAssertTrue(
      errorText { try store.end("a", in: "0", as: .killed, at: Date()) }.contains(
        "refuses runs/update (404): Run 'a' not found"))
    server.stop()
    XCTAssertTrue(
      errorText { try store.experiment(named: "a") }.contains("Is the server running?"))
  }
}

/// A server on this machine that remembers what it was asked.
private final class AnsweringServer: Sendable {
  struct Request: Sendable {
    /// The method and the path.
    let line: String
    let body: Data
  }

  let address: String
  private let listener: Int32
  private let kept = Mutex<[Request]>([])

  var requests: [Request] { kept.withLock { $0 } }

  init(_ answer: @escaping @Sendable (Request) -> (status: Int, body: String)) throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let socket = listener
    let status = withUnsafeMutablePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, size) + listen(socket, 16) + getsockname(socket, $0, &size)
      }
    }
    guard status == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
    address = "http://127.0.0.1:\(UInt16(bigEndian: place.sin_port))"
    Thread.detachNewThread { [self] in
      while true {
        let connection = accept(socket, nil, nil)
        guard connection >= 0 else { return }
        if let request = Self.read(connection) {
          kept.withLock { $0.append(request) }
          let (status, body) = answer(request)
          let text =
            "HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
          let bytes = Array(text.utf8)
          _ = bytes.withUnsafeBytes {
            send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
          }
        }
        shutdown(connection, Int32(SHUT_RDWR))
        close(connection)
      }
    }
  }

  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  private static func read(_ connection: Int32) -> Request? {
    var data = Data()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    func more() -> Bool {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return false }
      data.append(contentsOf: buffer[0..<count])
      return true
    }
    var end = data.range(of: Data("\r\n\r\n".utf8))
    while end == nil {
      guard more() else { return nil }
      end = data.range(of: Data("\r\n\r\n".utf8))
    }
    guard let end else { return nil }
    let head = String(decoding: data[..<end.lowerBound], as: UTF8.self).components(
      separatedBy: "\r\n")
    func field(_ name: String) -> String? {
      head.first { $0.lowercased().hasPrefix(name + ":") }.map {
        $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)
      }
    }
    if field("expect") != nil {
      let go = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
      _ = go.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }
    let length = Int(field("content-length") ?? "0") ?? 0
    while data.count - end.upperBound < length { guard more() else { return nil } }
    let words = head[0].split(separator: " ")
    return Request(line: "\(words[0]) \(words[1])", body: Data(data[end.upperBound...]))
  }
}
