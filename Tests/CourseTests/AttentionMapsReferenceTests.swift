import AttentionMapsChecks
import Judge
import WorkerPipe
import Workers
import XCTest

/// The reference of the unit on class activation maps against PyTorch: the fixture of
/// `Tests/Reference/attention_maps.py`.
final class AttentionMapsReferenceTests: XCTestCase {
  private static let unit = AttentionMapsUnit.name

  func testTheReferenceIsThatOfTheEquations() throws {
    let fixture = try ReferenceFixture("attention-maps", unit: Self.unit)
    for entry in fixture.cases { try fixture.require(entry) }
    XCTAssertEqual(fixture.cases.count, 65)
  }

  private func ask(
    _ subject: String, _ sizes: [String: Int], _ inputs: [PipeTensor],
    _ question: Request.Question = .forward(.init(isFirst: true))
  ) throws -> [PipeTensor] {
    try ReferenceFixture.worker(of: Self.unit).ask(
      question, about: .init(subject, sizes: sizes), inputs, within: 30
    ).tensors
  }

  private func integers(_ name: String, _ values: [Int32]) -> PipeTensor {
    PipeTensor(name: name, shape: [values.count], integers: values)
  }

  private let sizes = ["channels": 2, "classes": 3]
  private let f = PipeTensor(name: "f", shape: [2, 2, 2], values: [1, 2, 3, 4, 5, 6, 7, 8])

  /// What does not fit is refused, with the numbers.
  func testRefusalsNameTheNumbers() throws {
    let convolution = ["inChannels": 1, "outChannels": 1, "kernelSize": 0, "dilation": 2]
    let x = PipeTensor(name: "input", shape: [1, 2, 1], values: [1, 2])
    let asked: [(name: String, parts: [String], ask: () throws -> [PipeTensor])] = [
      (
        "a label that is no class", ["the label 3 is none of the 3 classes"],
        {
          try self.ask("classWeights", ["classCount": 3], [self.integers("labels", [0, 3])])
        }
      ),
      (
        "a label below the first", ["the label -1 is none of the 2 classes"],
        {
          try self.ask("classWeights", ["classCount": 2], [self.integers("labels", [0, -1])])
        }
      ),
      (
        "two labels and one prediction", ["2 labels", "1 predictions"],
        {
          try self.ask(
            "challengeScore", [:],
            [self.integers("labels", [0, 1]), self.integers("predictions", [0])])
        }
      ),
      (
        "a kernel of nothing", ["a kernel of 0 taps with dilation 2"],
        {
          try self.ask(
            "DilatedConvolution", convolution.merging(["isCausal": 0]) { $1 }, [x])
        }
      ),
      (
        "one number for each channel", ["while training", "[1, 2, 1] has 1 number"],
        {
          try self.ask(
            "BatchNormalisation", ["channels": 2], [x],
            .forward(.init(isFirst: true, isTraining: true)))
        }
      ),
      (
        "one class for two samples", ["there are 1 classes for 2 samples"],
        {
          try self.ask(
            "ClassActivationMap", self.sizes, [self.f, self.integers("classes", [1])])
        }
      ),
      (
        "a class that is none", ["3 is none of the 3 classes"],
        {
          try self.ask(
            "ClassActivationMap", self.sizes, [self.f, self.integers("classes", [0, 3])])
        }
      ),
      (
        "a map at no place", ["a map at 0 places"],
        { try self.ask("interpolated", ["places": 0], [self.f.renamed("M")]) }
      ),
    ]
    for (name, parts, ask) in asked {
      XCTAssertThrowsError(try ask(), name) { error in
        for part in parts { XCTAssertTrue("\(error)".contains(part), "\(name): \(error)") }
      }
    }
  }

  /// What the handout gives to compute by hand.
  func testTheExamplesOfTheHandout() throws {
    let W = PipeTensor(name: "parameter:W", shape: [1, 1, 3], values: [1, 10, 100])
    let x = PipeTensor(name: "input", shape: [1, 1, 5], values: [1, 2, 3, 4, 5])
    let sizes = ["inChannels": 1, "outChannels": 1, "kernelSize": 3, "dilation": 2]
    for (isCausal, expected) in [
      (0, [310, 420, 531, 42, 53] as [Float]), (1, [100, 200, 310, 420, 531]),
    ] {
      let found = try ask(
        "DilatedConvolution", sizes.merging(["isCausal": isCausal]) { $1 }, [W, x])
      XCTAssertEqual(found.first?.values, expected)
    }
    XCTAssertEqual(
      try ask(
        "interpolated", ["places": 4], [PipeTensor(name: "M", shape: [1, 2], values: [0, 1])]
      ).first?.values, [0, 0.25, 0.75, 1])
  }

  /// The figures of the data that the handout names.
  func testFiguresOfTheHandout() throws {
    // of the training set 4050 N, 594 A, 1951 O
    let labels = [4050, 594, 1951].enumerated().flatMap { Array(repeating: Int32($0), count: $1) }
    let weights = try ask("classWeights", ["classCount": 3], [integers("labels", labels)])
    for (own, right) in zip(try XCTUnwrap(weights.first).values, [0.5428, 3.7009, 1.12677]) {
      XCTAssertEqual(Double(own), right, accuracy: 5e-5)
    }
    // all N on the validation set of 1000 N, 144 A, 505 O
    let truth = [1000, 144, 505].enumerated().flatMap { Array(repeating: Int32($0), count: $1) }
    let score = try ask(
      "challengeScore", [:],
      [integers("labels", truth), integers("predictions", truth.map { _ in 0 })])
    XCTAssertEqual(try XCTUnwrap(score.first?.values.first), 0.2517, accuracy: 5e-5)
    let state = try ask(
      "DilatedNet", ["channels": 24, "blocks": 7, "classes": 3], [], .parameters())
    let buffers = Set(state.filter { $0.name.hasPrefix("buffer:") }.map { $0.name.dropFirst(7) })
    func count(_ isBuffer: Bool) -> Int {
      state.filter { !$0.name.hasPrefix("buffer:") && buffers.contains($0.name[...]) == isBuffer }
        .reduce(0) { $0 + $1.values.count }
    }
    XCTAssertEqual([count(false), count(true)], [12936, 384])
  }
}
