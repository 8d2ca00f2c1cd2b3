import Examples
import TensorCore
import XCTest

@testable import Judge

/// What is done to signals side by side, vectors without directions, numbers that tell apart, and sets of labels.
final class DrawnDisguiseTests: XCTestCase {
  private static let disguise = Disguise(
    rows: ["leads": .channels(gains: 0.9...1.1), "text": .rotated, "caption": .renumbered],
    permutesClasses: true)

  /// Three signals of four samples, a vector of five numbers and its number, two of four labels.
  private func set(_ first: Int, _ count: Int) -> ExampleSet {
    var noise = RandomGenerator(seed: UInt64(first + 1))
    func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in noise.nextUniform() + 0.5 } }
    let captions = (0..<count).map { $0 / 2 }
    return ExampleSet(
      [
        .init(
          Table(numbers(12 * count), rowShape: [3, 4]), name: "leads", firstRows: Array(0..<count),
          extent: .row),
        .init(
          Table(numbers(5 * count), rowShape: [5]), name: "text", firstRows: captions, extent: .row),
        .init(
          Table((0..<count).map { Float($0) }, rowShape: []), name: "caption", firstRows: captions,
          extent: .row),
      ],
      targets: .labelSets(
        (0..<count).flatMap { index in (0..<4).map { [index % 4, index % 3].contains($0) ? 1 : 0 }
        },
        count: 4))
  }

  private func rows(_ set: ExampleSet, _ input: Int, _ index: Int) -> [Float] {
    let own = set.inputs[input]
    let size = own.table.rowSize
    return Array(own.table.values[(own.firstRows[index] * size)...].prefix(size))
  }

  func testSignalsArePermutedAndScaledInAllExamplesAlike() throws {
    let (training, other) = (set(0, 6), set(1, 4))
    var orders: Swift.Set<[Int]> = []
    for seed in UInt64(1)...6 {
      let drawn = DrawnDisguise(Self.disguise, of: training, seed: seed)
      var numbers = drawn.numbers
      let seen = drawn.disguised(training, &numbers)
      let seenOther = drawn.disguised(other, &numbers)
      // by the first example: which signal stands at each place, and its gain
      let (old, new) = (rows(training, 0, 0), rows(seen, 0, 0))
      let found = (0..<3).map { place -> (from: Int, gain: Float) in
        for from in 0..<3 {
          let gain = new[4 * place] / old[4 * from]
          if (0..<4).allSatisfy({ abs(new[4 * place + $0] - gain * old[4 * from + $0]) < 1e-5 }) {
            return (from, gain)
          }
        }
        return (-1, 0)
      }
      XCTAssertEqual(found.map(\.from).sorted(), [0, 1, 2], "seed \(seed)")
      XCTAssertTrue(found.allSatisfy { (0.9...1.1).contains($0.gain) }, "seed \(seed): \(found)")
      XCTAssertEqual(Swift.Set(found.map(\.gain)).count, 3, "seed \(seed)")
      orders.insert(found.map(\.from))
      for (before, after) in [(training, seen), (other, seenOther)] {
        for index in 0..<before.count {
          let (old, new) = (rows(before, 0, index), rows(after, 0, index))
          for place in 0..<12 {
            let own = found[place / 4]
            XCTAssertEqual(new[place], own.gain * old[4 * own.from + place % 4], accuracy: 1e-5)
          }
        }
      }
    }
    XCTAssertGreaterThan(orders.count, 1)
  }

  /// Lengths and products of vectors stay, the numbers do not; class vectors are turned as the examples are.
  func testVectorsAreTurnedByAnOrthogonalMatrix() throws {
    let training = set(0, 6)
    let drawn = DrawnDisguise(Self.disguise, of: training, seed: 3)
    var numbers = drawn.numbers
    let seen = drawn.disguised(training, &numbers)
    func product(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    for index in 0..<6 {
      let (old, new) = (rows(training, 1, index), rows(seen, 1, index))
      XCTAssertNotEqual(old, new)
      XCTAssertEqual(drawn.disguised(old, ofInput: 1), new)
      XCTAssertEqual(drawn.disguised(old, ofInput: 2), old)
      for other in 0..<6 {
        XCTAssertEqual(
          product(old, rows(training, 1, other)), product(new, rows(seen, 1, other)), accuracy: 1e-5
        )
      }
    }
    let again = DrawnDisguise(Self.disguise, of: training, seed: 4)
    XCTAssertNotEqual(
      again.disguised(rows(training, 1, 0), ofInput: 1), rows(seen, 1, 0))
  }

  func testNumbersChangePlacesAndLabelsToo() throws {
    let training = set(0, 6)
    var captions: Swift.Set<[Float]> = []
    for seed in UInt64(1)...6 {
      let drawn = DrawnDisguise(Self.disguise, of: training, seed: seed)
      var numbers = drawn.numbers
      let seen = drawn.disguised(training, &numbers)
      let new = (0..<6).map { rows(seen, 2, $0)[0] }
      XCTAssertEqual(new.sorted(), [0, 0, 1, 1, 2, 2], "seed \(seed)")
      XCTAssertTrue([0, 2, 4].allSatisfy { new[$0] == new[$0 + 1] }, "seed \(seed)")
      captions.insert(new)
      let classes = try XCTUnwrap(drawn.classes)
      XCTAssertEqual(classes.sorted(), [0, 1, 2, 3])
      guard case .labelSets(let old, 4) = training.targets,
        case .labelSets(let flags, 4) = seen.targets
      else { return XCTFail("\(seen.targets)") }
      for index in 0..<6 {
        for label in 0..<4 {
          XCTAssertEqual(flags[4 * index + Int(classes[label])], old[4 * index + label])
        }
      }
    }
    XCTAssertGreaterThan(captions.count, 1)
    // a number that no training example has stays
    let drawn = DrawnDisguise(Self.disguise, of: training, seed: 1)
    var numbers = drawn.numbers
    let later = ExampleSet(
      training.inputs.map { input in
        .init(input.table, name: input.name, firstRows: [5], extent: .row)
      }, targets: .none)
    XCTAssertEqual(rows(drawn.disguised(later, &numbers), 2, 0), [5])
  }
}
