import Examples
import Foundation
import TensorCore
import WorkerPipe
import XCTest

/// Example sets come over the pipe as they were, and what does not fit is no set.
final class ExampleSetPipeTests: XCTestCase {
  private let targets: [Targets] = [
    .none, .classes([2, 0, 1], count: 3), .labelSets([0, 1, 1, 1, 0, 0], count: 2),
    .numbers([0.5, -1, 2], width: 1),
  ]

  /// Three examples: a window of two leads, one row of a text vector, and a signal of any length.
  private func set(_ targets: Targets) -> ExampleSet {
    let leads = Table((0..<20).map(Float.init), rowShape: [2])
    return ExampleSet(
      [
        .init(leads, name: "leads", firstRows: [6, 0, 3], extent: .window(4)),
        .init(
          Table([1, 2, 3, 4, 5, 6], rowShape: [2]), name: "text", firstRows: [0, 1, 2], extent: .row
        ),
        .init(
          Table([7, 8, 9, 10], rowShape: []), name: "signal", firstRows: [0, 3, 4],
          extent: .stretches([3, 1, 0])),
      ], targets: targets)
  }

  private func sent(_ set: ExampleSet) throws -> ExampleSet {
    let (description, tensors) = set.packed("training")
    let bytes = try Frame.encode(description, tensors: tensors)
    var position = 0
    let frame = try XCTUnwrap(
      try Frame.decode(ExampleSet.Description.self, caps: .init()) { count in
        defer { position += count }
        return Array(bytes[position..<(position + count)])
      })
    XCTAssertEqual(frame.content, description)
    return try ExampleSet(frame.content, in: frame.tensors, "training")
  }

  private func requireEqual(_ a: ExampleSet, _ b: ExampleSet, line: UInt = #line) {
    XCTAssertEqual(a.inputs.map(\.name), b.inputs.map(\.name), line: line)
    for (a, b) in zip(a.inputs, b.inputs) {
      XCTAssertEqual(a.table.rowShape, b.table.rowShape, line: line)
      XCTAssertEqual(a.table.values, b.table.values, line: line)
      XCTAssertEqual(a.firstRows, b.firstRows, line: line)
      XCTAssertEqual(a.extent, b.extent, line: line)
    }
    XCTAssertEqual(a.targets, b.targets, line: line)
  }

  func testSetsComeBackAsTheyWere() throws {
    for targets in targets { requireEqual(try sent(set(targets)), set(targets)) }
  }

  /// As raw samples have: the set of the Challenge 2017 has 83,141,521. A float would round these.
  func testRowsBeyondWhatAFloatCounts() throws {
    let rows = [1 << 24 + 1, 1 << 24 + 3, 0]
    let table = Table([Float](repeating: 0, count: 1 << 24 + 8), rowShape: [])
    let set = ExampleSet([.init(table, firstRows: rows, extent: .window(4))], targets: .none)
    XCTAssertEqual(try sent(set).inputs[0].firstRows, rows)
  }

  /// The worker gets no target of a validation example, and no row that is not its own.
  func testAQuestionWithholdsWhatIsToBeFound() throws {
    let all = set(targets[1])
    let question = TrainingQuestion(train: all.selecting([0]), validation: all.selecting([1]))
    let (description, tensors) = question.packed()
    let (training, validation) = try description.examples(in: tensors)
    XCTAssertEqual(training.targets, .classes([2], count: 3))
    XCTAssertEqual(validation.targets, .none)
    XCTAssertEqual(validation.inputs.map(\.table.values), [(0..<8).map(Float.init), [3, 4], [10]])
    XCTAssertEqual(validation.inputs.map(\.firstRows), [[0], [0], [0]])
  }

  /// Tables in files that both sides have open are not sent, and are the same there.
  func testALargeTableIsReadWhereItIs() throws {
    for targets in targets {
      let all = set(targets)
      let sent = TrainingQuestion(train: all, validation: all.selecting([2]))
      let question = TrainingQuestion(train: all, validation: all.selecting([2]), limit: 0)
      let files = question.files
      // the last example's signal has no row, which needs no file
      XCTAssertEqual(files.count, 5)
      let (description, tensors) = question.packed(sharing: files)
      XCTAssertEqual(
        tensors.map(\.name),
        sent.packed().tensors.map(\.name).filter {
          !$0.contains(":table:") || $0 == "validation:table:signal"
        })
      let copies = try files.map { NumberFile(inherited: try XCTUnwrap($0.openedForReading())) }
      defer { for copy in copies { close(copy.descriptor) } }
      let (training, validation) = try description.examples(in: tensors) {
        copies.indices.contains($0) ? copies[$0] : nil
      }
      requireEqual(training, all.compacted())
      requireEqual(validation, all.selecting([2]).compacted().with(.none))
      XCTAssertEqual(
        validation.batch([0]).inputs.entries.map(\.tensor.array),
        all.selecting([2]).batch([0]).inputs.entries.map(\.tensor.array))
      // who has no files is sent all, and says so of what is not there
      XCTAssertEqual(question.packed().tensors, sent.packed().tensors)
      XCTAssertThrowsError(try description.examples(in: tensors)) {
        XCTAssertEqual("\($0)", "the examples of training do not fit together")
      }
      let empty = try XCTUnwrap(NumberFile())
      XCTAssertThrowsError(try description.examples(in: tensors) { _ in empty })
    }
  }

  /// All numbers in their order, in files or not: what a check sum is taken of.
  func testPiecesAreThePackedNumbers() throws {
    for limit in [0, 1 << 20] {
      let question = TrainingQuestion(
        train: set(targets[1]), validation: set(targets[2]).selecting([1, 1]), limit: limit)
      var pieces: [PipeTensor.Elements] = []
      question.forEachPiece { pieces.append($0) }
      XCTAssertEqual(
        pieces.filter { $0.count > 0 },
        question.packed().tensors.map(\.elements).filter { $0.count > 0 })
    }
  }

  func testWhatDoesNotFitIsRefused() throws {
    let (description, tensors) = set(targets[1]).packed("s")
    func decode(_ change: (PipeTensor) -> PipeTensor?) throws -> ExampleSet {
      try ExampleSet(description, in: tensors.compactMap(change), "s")
    }
    XCTAssertNoThrow(try decode { $0 })
    let misfit = "the examples of s do not fit together"
    func integers(_ name: String, _ values: [Int32]) -> (PipeTensor) -> PipeTensor? {
      { $0.name == name ? PipeTensor(name: name, shape: [values.count], integers: values) : $0 }
    }
    let cases: [(String, (PipeTensor) -> PipeTensor?, String)] = [
      ("missing", { $0.name == "s:rows:text" ? nil : $0 }, "there is no s:rows:text"),
      (
        "floats",
        { $0.name == "s:targets" ? PipeTensor(name: $0.name, shape: [3], values: [2, 0, 1]) : $0 },
        "s:targets holds no integers"
      ),
      ("a row beyond the table", integers("s:rows:leads", [7, 0, 3]), misfit),
      ("a negative row", integers("s:rows:leads", [-1, 0, 3]), misfit),
      ("another count", integers("s:rows:text", [0, 1]), misfit),
      ("a stretch beyond the table", integers("s:counts:signal", [3, 2, 0]), misfit),
      ("a negative stretch", integers("s:counts:signal", [3, -1, 0]), misfit),
      ("too few stretches", integers("s:counts:signal", [3, 1]), misfit),
      ("no class", integers("s:targets", [2, 0, 3]), misfit),
      ("too few targets", integers("s:targets", [2, 0]), misfit),
    ]
    for (name, change, reason) in cases {
      XCTAssertThrowsError(try decode(change), name) {
        XCTAssertEqual(($0 as? Frame.Malformed)?.description, reason, name)
      }
    }
  }

  func testSettingsAreWhatTheyLookLike() throws {
    let settings: Settings = [
      "hiddenSize": 6, "margin": 0.25, "wavelet": "db4", "widths": [16, 32],
    ]
    let json = try JSONEncoder().encode(settings)
    XCTAssertEqual(try JSONDecoder().decode(Settings.self, from: json), settings)
    let written = #"{"a": 3, "b": [1, 2.5, "x"]}"#
    XCTAssertEqual(
      try JSONDecoder().decode(Settings.self, from: Data(written.utf8)),
      ["a": 3, "b": [1, 2.5, "x"]])
    // in a frame, which has words for numbers that JSON does not have
    let words: Settings = ["a": "nan", "b": "inf"]
    let bytes = try Frame.encode(words, tensors: [])
    var position = 0
    let frame = try Frame.decode(Settings.self, caps: .init()) { count in
      defer { position += count }
      return Array(bytes[position..<(position + count)])
    }
    XCTAssertEqual(frame?.content, words)
  }
}
