import AttentionMapsChecks
import Judge
import TestSupport
import WorkerPipe
import Workers
import XCTest

/// The given networks of the sources: as many parameters as there, and maps whose mean is the logit.
final class AttentionMapsLargeNetworkTests: XCTestCase {
  private func ask(
    _ question: Request.Question, _ subject: String, _ sizes: [String: Int],
    _ inputs: [PipeTensor] = []
  ) throws -> [PipeTensor] {
    try ReferenceFixture.worker(of: AttentionMapsUnit.name).ask(
      question, about: .init(subject, sizes: sizes, seed: 1), inputs, within: 60
    ).tensors
  }

  private func count(_ subject: String, _ sizes: [String: Int]) throws -> Int {
    let entries = try ask(.parameters(), subject, sizes)
    let buffers = Set(
      entries.filter { $0.name.hasPrefix("buffer:") }.map { $0.name.dropFirst("buffer:".count) })
    return entries.filter { $0.integers == nil && !buffers.contains($0.name[...]) }
      .reduce(0) { $0 + $1.values.count }
  }

  /// Goodfellow et al. 2018 (5 486 848), and DeepECGV7 with its four classes (1 657 216).
  func testTheyHaveTheSourcesNumbersOfParameters() throws {
    XCTAssertEqual(try count("GoodfellowNet", ["width": 64, "classes": 3]), 5_486_848)
    XCTAssertEqual(
      try count("WaveNet", ["channels": 128, "blocks": 9, "classes": 4]), 1_657_216)
  }

  func testTheLogitIsTheMeanOfTheMap() throws {
    let length = 160
    let input = PipeTensor(
      name: "input", shape: [2, length, 1],
      values: (0..<(2 * length)).map { Float(($0 * 37) % 19) / 10 - 0.9 })
    for (name, maps, sizes, steps) in [
      ("GoodfellowNet", "GoodfellowMaps", ["width": 2, "classes": 3], length / 8),
      ("WaveNet", "WaveNetMaps", ["channels": 3, "blocks": 4, "classes": 3], length),
    ] {
      let state = try ask(.parameters(), name, sizes).filter {
        $0.integers == nil
      }.map { $0.renamed("parameter:" + $0.name) }
      let logits = try XCTUnwrap(
        try ask(.forward(.init(isFirst: true)), name, sizes, state + [input]).first)
      let map = try XCTUnwrap(
        try ask(.forward(.init(isFirst: true)), maps, sizes, state + [input]).first)
      XCTAssertEqual(logits.shape, [2, 3], name)
      XCTAssertEqual(map.shape, [2, 3, steps], name)
      for (row, logit) in logits.values.enumerated() {
        let values = map.values[(row * steps)..<((row + 1) * steps)]
        XCTAssertEqual(
          values.reduce(0, +) / Float(steps), logit, accuracy: 1e-4 * max(1, abs(logit)), name)
      }
      XCTAssertGreaterThan(Set(logits.values).count, 1, name)
    }
  }
}
