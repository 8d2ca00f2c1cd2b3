import Assignment
import Examples
import TestSupport
import WorkerPipe
import Workers
import XCTest

/// What examples pass through before a training, in a worker.
final class PreparationTests: XCTestCase {
  private func client() throws -> WorkerClient { try WorkerClient(try StudyCourse.launcher()) }

  func testTrainingIsBalancedAndAllHaveFeatures() throws {
    let client = try client()
    defer { client.terminate() }
    let steps = Preparation(
      try StudyCourse.manifest().preparation("drawn-differences"), seed: 5)
    let (training, test) = (StudyCourse.examples(60, seed: 1), StudyCourse.examples(41, seed: 2))
    let made = try steps.training(training, client.prepare)
    XCTAssertEqual(made.count, 150)
    XCTAssertEqual(made.labels, (0..<150).map { Int32($0 / 30) })
    XCTAssertEqual(made.inputs.map(\.name), ["features"])
    XCTAssertEqual(made.inputs[0].table.rowShape, [186])
    let other = try steps.other(test, client.prepare)
    XCTAssertEqual(other.labels, test.labels, "neither balanced nor drawn")
    for row in 0..<41 {
      XCTAssertEqual(self.row(other, row), differences(test, row))
    }
    // every made row is one of its class
    var rows: [Int32: Set<[Float]>] = [:]
    for row in 0..<60 { rows[training.labels[row], default: []].insert(differences(training, row)) }
    for row in 0..<150 {
      XCTAssertEqual(rows[made.labels[row]]?.contains(self.row(made, row)), true)
    }
    // by the seed
    let again = try steps.training(training, client.prepare)
    XCTAssertEqual(again.inputs[0].table.values, made.inputs[0].table.values)
    let another = try Preparation(
      StudyCourse.manifest().preparation("drawn-differences"), seed: 6
    ).training(training, client.prepare)
    XCTAssertNotEqual(another.inputs[0].table.values, made.inputs[0].table.values)
  }

  private func row(_ set: ExampleSet, _ row: Int) -> [Float] {
    let table = set.inputs[0].table
    return Array(table.values[(row * table.rowSize)..<((row + 1) * table.rowSize)])
  }

  private func differences(_ set: ExampleSet, _ row: Int) -> [Float] {
    let beat = self.row(set, row)
    return zip(beat.dropFirst(), beat).map { $0 - $1 }
  }

  /// A set is asked about in parts, whose rows follow each other.
  func testALongSetIsAskedAboutInParts() throws {
    var asked: [Int] = []
    let set = StudyCourse.examples(4097, seed: 3)
    let steps = Preparation(try StudyCourse.manifest().preparation("differences"), seed: 1)
    let other = try steps.other(set) { function, settings, tensors in
      XCTAssertEqual(function, "differences")
      XCTAssertEqual(settings["seed"], .integer(1))
      asked.append(tensors[0].shape[0])
      return [tensors[0].renamed("features")]
    }
    XCTAssertEqual(asked, [4096, 1])
    XCTAssertEqual(other.inputs[0].table.values, set.inputs[0].table.values)
  }

  func testWhatDoesNotFitIsASentence() throws {
    let set = StudyCourse.examples(6, seed: 1)
    func problem(
      _ text: String, _ other: String, _ answer: @escaping (PipeTensor) -> [PipeTensor]
    ) throws -> String {
      let manifest = try StudyCourse.manifest(replacing: text, with: other)
      let steps = Preparation(try manifest.preparation("drawn-differences"), seed: 1)
      return errorText { try steps.training(set) { answer($2[0]) } }
    }
    func labelled(_ count: Int, _ labels: [Int32]) -> [PipeTensor] {
      [
        PipeTensor(
          name: "beats", shape: [count, 2], values: Array(repeating: 0, count: 2 * count)),
        PipeTensor(name: "labels", shape: [labels.count], integers: labels),
      ]
    }
    let (same, steps) = ("takes: {beats: beat, labels", "the preparation's step drawn ")
    XCTAssertEqual(
      try problem("takes: {beats: beat, labels", "takes: {beats: token, labels") { [$0] },
      steps + "takes token, which no example has. There is beat")
    let nothing = try problem(same, same) { _ in [] }
    XCTAssertTrue(
      ["beats", "labels"].contains { nothing.hasPrefix(steps + "gives no \($0). Look at") }, nothing
    )
    XCTAssertEqual(
      try problem(same, same) { _ in labelled(3, [0, 1]) },
      steps + "gives numbers of examples that do not fit together, or none. Give as many rows of "
        + "each result, and as many targets")
    XCTAssertEqual(
      try problem(same, same) { _ in labelled(2, [0, 5]) },
      steps + "gives targets that are none of the classes. Give integers, the classes' numbers")
    let client = try client()
    defer { client.terminate() }
    let short = try StudyCourse.manifest(
      replacing: "function: differences, takes", with: "function: short, takes")
    XCTAssertEqual(
      errorText {
        try Preparation(short.preparation("differences"), seed: 1).other(set, client.prepare)
      },
      "the preparation's step short gives features of the shape [1, 187] for 6 examples. Give one "
        + "row for each, all of one shape")
  }
}
