import Examples
import Foundation
import Recordings
import TensorCore
import XCTest

@testable import Assignment
@testable import Judge

/// What a run's seed does to the recordings, and the file that carries them to the judges.
final class GradingDataTests: XCTestCase {
  private static let course = Result {
    try PreparedChunks.prepare(
      SyntheticRecordings.make(count: 60, seed: 1, labels: [.normal, .fibrillation]))
  }

  private static func split(_ course: PreparedChunks) -> SplitExamples {
    SplitExamples(training: course.trainChunks, validation: course.validationChunks)
  }

  /// Every chunk there is, so that nothing but the disguise differs from the course's data.
  private func everything(seed: UInt64) throws -> (course: PreparedChunks, data: GradingData) {
    let course = try Self.course.get()
    let selection = AssignmentManifest.DataSelection(
      kind: "noise", training: course.trainChunks.count, validation: course.validationChunks.count)
    let drawn = GradingData(Self.split(course), selection: selection, isSynthetic: true, seed: 0)
    return (course, drawn.disguised(SpectrogramChunks().disguise, seed: seed))
  }

  /// Which bin of the original stands at each place, but for a gain from 0.9 to 1.1 and an offset
  /// from -0.1 to 0.1; nil where none does. By every eleventh step.
  private func bins(_ got: ExampleSet, of original: ExampleSet) -> [Int?] {
    let original = original.compacted()
    func column(_ set: ExampleSet, _ bin: Int) -> [Float] {
      let table = set.inputs[0].table
      return stride(from: bin, to: table.values.count, by: 11 * table.rowSize).map {
        table.values[$0]
      }
    }
    let columns = (0..<original.inputs[0].table.rowSize).map { column(original, $0) }
    return (0..<got.inputs[0].table.rowSize).map { place in
      let values = column(got, place)
      return columns.firstIndex { isScaled(values, from: $0) }
    }
  }

  private func isScaled(_ values: [Float], from original: [Float]) -> Bool {
    guard let low = original.indices.min(by: { original[$0] < original[$1] }),
      let high = original.indices.max(by: { original[$0] < original[$1] })
    else { return false }
    let gain = (values[high] - values[low]) / (original[high] - original[low])
    let offset = values[low] - gain * original[low]
    guard (0.899...1.101).contains(gain), (-0.101...0.101).contains(offset) else { return false }
    // single precision of numbers up to about ten
    return zip(values, original).allSatisfy { abs($0 - (gain * $1 + offset)) < 1e-4 }
  }

  /// What a table of known chunks could be looked up by, whatever the order of the bins.
  func testAFingerprintWithoutTheOrderOfTheBinsIsSpoilt() throws {
    let (course, data) = try everything(seed: 2)
    func fingerprints(_ set: ExampleSet) -> Set<[Float]> {
      let set = set.compacted()
      return Set(
        stride(from: 0, to: set.inputs[0].table.values.count, by: set.inputs[0].table.rowSize).map {
          set.inputs[0].table.values[$0..<($0 + set.inputs[0].table.rowSize)].sorted()
        })
    }
    let known = fingerprints(course.validationChunks)
    XCTAssertGreaterThan(known.count, 100)
    XCTAssertTrue(known.isDisjoint(with: fingerprints(data.validation)))
  }

  /// 0 when the labels are the original's, 1 when they are swapped, nil when they are neither.
  private func swap(_ got: ExampleSet, of original: ExampleSet) -> Int32? {
    let original = original.compacted()
    let labels = Dictionary(zip(original.inputs[0].firstRows, original.labels)) { first, _ in first
    }
    let differences = Set(
      zip(got.inputs[0].firstRows, got.labels).map { start, label in
        labels[start].map { abs($0 - label) } ?? -1
      })
    return differences.count == 1 ? differences.first : nil
  }

  func testBothSetsAreDisguisedAlike() throws {
    var swaps: Set<Int32> = []
    for seed in UInt64(0)..<8 {
      let (course, data) = try everything(seed: seed)
      let order = bins(data.training, of: course.trainChunks)
      XCTAssertEqual(Set(order.compactMap(\.self)), Set(0..<17), "seed \(seed): \(order)")
      XCTAssertNotEqual(order, Array(0..<17), "seed \(seed) leaves the bins as they are")
      XCTAssertEqual(bins(data.validation, of: course.validationChunks), order, "seed \(seed)")
      let swapped = try XCTUnwrap(swap(data.training, of: course.trainChunks), "seed \(seed)")
      XCTAssertEqual(swap(data.validation, of: course.validationChunks), swapped, "seed \(seed)")
      swaps.insert(swapped)
    }
    XCTAssertEqual(swaps, [0, 1], "of eight seeds some swap the labels and some do not")
  }

  func testTheSeedDecidesEverything() throws {
    let course = try Self.course.get()
    func draw(_ seed: UInt64) -> GradingData {
      GradingData(
        Self.split(course), selection: .init(kind: "noise", training: 20, validation: 10),
        isSynthetic: true,
        seed: seed
      ).disguised(SpectrogramChunks().disguise, seed: 1)
    }
    let (first, second, other) = (draw(3), draw(3), draw(4))
    XCTAssertEqual(first.training.count, 20)
    XCTAssertEqual(first.validation.count, 10)
    try assertEqual(first, second)
    XCTAssertNotEqual(first.training.inputs[0].table.values, other.training.inputs[0].table.values)
    let again = GradingData(
      Self.split(course), selection: .init(kind: "noise", training: 20, validation: 10),
      isSynthetic: true,
      seed: 3
    ).disguised(SpectrogramChunks().disguise, seed: 2)
    XCTAssertEqual(again.training.count, 20)
    XCTAssertNotEqual(first.training.inputs[0].table.values, again.training.inputs[0].table.values)
  }

  /// Three classes, and two inputs of which only one is a signal: each example has a gain of its own, also where it
  /// is there twice, and all signals of both sets one sign and one direction; the classes change their numbers
  /// alike, and what has no disguise stays as it is.
  func testSignalsHaveGainsAndClassesAreRenumbered() throws {
    func set(_ first: Int) -> ExampleSet {
      // example i, step s: first + 10 i + s
      let values = (0..<6).flatMap { row in (0..<2).map { Float(first + 10 * row + $0) } }
      let rows = Array(0..<6) + [1]
      return ExampleSet(
        [
          .init(
            Table(values, rowShape: [1]), name: "X", firstRows: rows.map { 2 * $0 },
            extent: .window(2)),
          .init(Table(values, rowShape: [2]), name: "text", firstRows: rows, extent: .row),
        ], targets: .classes([0, 1, 2, 0, 1, 2, 1], count: 3))
    }
    let data = GradingData(training: set(1), validation: set(101), isSynthetic: true)
    var disguise = Disguise(
      rows: ["X": .signal(gains: 0.5...2, isUpright: false)], steps: ["X": .reversed],
      permutesClasses: true)
    var gains: Set<Float> = []
    var looks: Set<[Bool]> = []
    var orders: Set<[Int32]> = []
    for seed in UInt64(0)..<20 {
      let changed = data.disguised(disguise, seed: seed)
      var own: Set<[Bool]> = []
      var order = [Int32](repeating: -1, count: 3)
      for after in [changed.training, changed.validation] {
        XCTAssertEqual(after.inputs[0].table.rowCount, 12)
        for index in 0..<7 {
          let batch = after.batch([index])
          let signal = batch.X.array
          // what has no disguise says which example it is
          let text = try batch["text"].array
          let row = Int(text[0]) % 100 / 10
          let isReversed = abs(signal[0] / signal[1]) > 1
          let pair = isReversed ? [signal[1], signal[0]] : signal
          let gain = pair[0] / text[0]
          XCTAssertTrue((0.5...2).contains(abs(gain)), "seed \(seed)")
          XCTAssertEqual(pair[1], text[1] * gain, accuracy: 1e-4)
          gains.insert(gain)
          own.insert([gain < 0, isReversed])
          let label = after.labels[index]
          XCTAssertTrue([-1, label].contains(order[row % 3]), "seed \(seed)")
          order[row % 3] = label
        }
      }
      XCTAssertEqual(own.count, 1, "seed \(seed): one sign and one direction")
      looks.formUnion(own)
      XCTAssertEqual(order.sorted(), [0, 1, 2], "seed \(seed)")
      orders.insert(order)
    }
    XCTAssertGreaterThan(gains.count, 200, "of 240 examples")
    XCTAssertEqual(looks.count, 4)
    XCTAssertGreaterThan(orders.count, 2, "of six orders")
    // upright ones stay so
    disguise.rows["X"] = .signal(gains: 0.5...2, isUpright: true)
    for seed in UInt64(0)..<20 {
      XCTAssertGreaterThan(data.disguised(disguise, seed: seed).training.batch([0]).X.array[0], 0)
    }
  }

  /// Steps that change places do so in all examples of both sets alike, also in examples that are there twice.
  func testStepsChangePlacesAlike() throws {
    func set(_ base: Float) -> ExampleSet {
      // example i, step s, feature f: base + 100 i + 10 s + f
      var values: [Float] = []
      for example in 0..<4 {
        for step in 0..<3 {
          let first = base + Float(100 * example + 10 * step)
          values += [first, first + 1]
        }
      }
      return ExampleSet(
        [
          .init(
            Table(values, rowShape: [2]), firstRows: [0, 3, 6, 9, 3], extent: .window(3))
        ], targets: .classes([0, 1, 2, 0, 1], count: 3))
    }
    let data = GradingData(training: set(0), validation: set(1000), isSynthetic: true)
    let disguise = Disguise(steps: ["X": .permuted], permutesClasses: false)
    var orders: Set<[Int]> = []
    for seed in UInt64(0)..<20 {
      let changed = data.disguised(disguise, seed: seed)
      var seen: Set<[Int]> = []
      for (before, after) in [
        (data.training, changed.training), (data.validation, changed.validation),
      ] {
        XCTAssertEqual(after.count, 5)
        for index in 0..<after.count {
          let values = after.batch([index]).X.array.map { Int($0) % 1000 }
          seen.insert(stride(from: 0, to: 6, by: 2).map { values[$0] % 100 / 10 })
          XCTAssertEqual(Set(values.map { $0 / 100 }).count, 1, "steps of one example")
          XCTAssertEqual(values.map { $0 % 10 }, [0, 1, 0, 1, 0, 1])
          let example = before.inputs[0].firstRows.firstIndex(of: 3 * (values[0] / 100)) ?? 0
          XCTAssertEqual(after.labels[index], before.labels[example])
        }
      }
      XCTAssertEqual(seen.count, 1, "seed \(seed)")
      orders.formUnion(seen)
      // the judge has what was disguised, and turns back what is said of it
      let hidden = try XCTUnwrap(changed.hidden)
      XCTAssertEqual(hidden.validation.batch([2]).X.array, data.validation.batch([2]).X.array)
      XCTAssertEqual(hidden.training.batch([2]).X.array, data.training.batch([2]).X.array)
      let place = try XCTUnwrap(seen.first).map(Float.init)
      XCTAssertEqual(hidden.disguise.inOldOrder(place), [0, 1, 2])
      var numbers = hidden.disguise.numbers
      let again = hidden.disguise.disguised(hidden.validation, &numbers)
      let steps = again.batch([0]).X.array.enumerated().compactMap { index, value in
        index.isMultiple(of: 2) ? Float(Int(value) % 100 / 10) : nil
      }
      XCTAssertEqual(steps, place)
    }
    XCTAssertNil(data.hidden)
    XCTAssertGreaterThan(orders.count, 3, "of six orders")
  }

  /// A balanced selection has as many examples of each class in both sets.
  func testABalancedSelection() throws {
    let labels = [Int32](repeating: 0, count: 50) + [1, 1, 1] + [Int32](repeating: 2, count: 10)
    let set = ExampleSet(
      [
        .init(
          Table((0..<63).map(Float.init), rowShape: [1]), firstRows: Array(0..<63), extent: .row)
      ], targets: .classes(labels, count: 3))
    var selection = AssignmentManifest.DataSelection(kind: "noise", training: 24, validation: 12)
    selection.isBalanced = true
    let data = GradingData(
      SplitExamples(training: set, validation: set), selection: selection, isSynthetic: true,
      seed: 3)
    for (drawn, count) in [(data.training, 8), (data.validation, 4)] {
      for label in Int32(0)..<3 {
        let values = drawn.labels.indices.filter { drawn.labels[$0] == label }
          .map { drawn.batch([$0]).X.array[0] }
        XCTAssertEqual(values.count, count)
        XCTAssertEqual(Set(values).count, label == 1 ? 3 : count, "in whole rounds")
        XCTAssertTrue(values.allSatisfy { labels[Int($0)] == label })
      }
    }
    // without the word the shares of the data
    selection.isBalanced = nil
    let natural = GradingData(
      SplitExamples(training: set, validation: set), selection: selection, isSynthetic: true,
      seed: 3)
    XCTAssertEqual(natural.training.count, 24)
    XCTAssertGreaterThan(natural.training.labels.count { $0 == 0 }, 12)
  }

  private func assertEqual(_ a: GradingData, _ b: GradingData, line: UInt = #line) throws {
    for (a, b) in [(a.training, b.training), (a.validation, b.validation)] {
      XCTAssertEqual(a.inputs.count, 1, line: line)
      XCTAssertEqual(a.inputs[0].table.values, b.inputs[0].table.values, line: line)
      XCTAssertEqual(a.inputs[0].table.rowShape, b.inputs[0].table.rowShape, line: line)
      XCTAssertEqual(a.inputs[0].firstRows, b.inputs[0].firstRows, line: line)
      XCTAssertEqual(a.inputs[0].extent, b.inputs[0].extent, line: line)
      XCTAssertEqual(a.targets, b.targets, line: line)
    }
    XCTAssertEqual(a.isSynthetic, b.isSynthetic, line: line)
  }

  // MARK: - The file

  private func withFile(_ body: (String) throws -> Void) throws {
    let path = NSTemporaryDirectory() + "/grading-data-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  func testTheFileComesBackAsItWas() throws {
    let (_, data) = try everything(seed: 1)
    try withFile { path in
      try data.write(to: path)
      try assertEqual(GradingData(contentsOf: path), data)
    }
  }

  func testADamagedFileIsRefused() throws {
    let (_, data) = try everything(seed: 1)
    try withFile { path in
      XCTAssertThrowsError(try GradingData(contentsOf: path), "there is no file")
      try data.write(to: path)
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      for length in [0, 5, 12, 40, whole.count / 2, whole.count - 1] {
        try whole.prefix(length).write(to: URL(fileURLWithPath: path))
        XCTAssertThrowsError(try GradingData(contentsOf: path), "\(length) of \(whole.count) bytes")
      }
    }
  }
}
