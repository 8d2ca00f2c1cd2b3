import Assignment
import Building
import Examples
import Foundation
import Grading
import Judge
import Publication
import Recordings
import Sandbox
import TensorCore
import XCTest

/// Attacks with tables: of the reference's answers, and of the public recordings' labels. Each table
/// is shown to work where there is no secret.
final class TableTests: XCTestCase {
  /// A class with the tasks of one file.
  private func attackedClass(_ tasks: String, _ more: String) throws -> AttackedClass {
    let attacked = try AttackedClass(
      .recurrentNetworks,
      manifest: """
        unit: RecurrentNetworks
        title: Tables
        files: [RNN.swift, LSTM.swift, ConvNet.swift, LSTMNet.swift, BuiltinLSTMNet.swift]
        parts: {RecurrentLayers: {files: [BuiltinLSTMNet.swift], holds: [BuiltinLSTM]}}
        \(more)
        tasks:
        \(tasks)
        limits:
          build: {cpuSeconds: 15, wallSeconds: 60, memoryBytes: 2147483648, processes: 128}
          check: {cpuSeconds: 5, wallSeconds: 20, memoryBytes: 1073741824}
          training: {cpuSeconds: 30, wallSeconds: 90, memoryBytes: 1073741824}
        """)
    try attacked.use(Sandbox.probe(.bubblewrap) == nil ? .bubblewrap : .landlock)
    return attacked
  }

  private func attack(_ name: String) throws -> Attack {
    try XCTUnwrap(Attack.all(on: .recurrentNetworks).first { $0.name == name })
  }

  func testRecordedAnswersAreRightForThePublicSeedOnly() throws {
    let attacked = try attackedClass(Self.values, Self.noTraining)
    try attacked.add(attack("recorded-answers"))
    // what `swift test` draws from in every copy
    XCTAssertEqual(try attacked.judgedAlone(seed: 2017), [.passed])
    // a submission's own inputs are others, even where the run's seed is that one
    for seed: UInt64 in [2017, 4711, 2017 + 1 << 32, 2017 + 1 << 52] {
      XCTAssertEqual(try attacked.grade(seed: seed).submissions.map(\.score), [0], "seed \(seed)")
    }
  }

  /// What a first attempt has seen of its inputs is no help to a second one, in the same run.
  func testAHarvestOfInputsIsNoHelpToTheNextAttempt() throws {
    let attacked = try attackedClass(Self.values, Self.noTraining)
    try attacked.add(attack("harvest-first"))
    let first = try XCTUnwrap(try attacked.grade(seed: 4711).submissions.first)
    let details = first.checks.compactMap(\.details).joined(separator: "\n")
    let harvest = details.split(separator: "\n").filter { $0.hasPrefix("HARVEST ") }
      .map { String($0.dropFirst("HARVEST ".count)) }
      // experiments on zeros are the same for all
      .filter { !$0.hasPrefix("0.0,") }
    XCTAssertGreaterThan(harvest.count, 1, details)
    try attacked.empty()
    try attacked.add(
      attack("harvest-second"), ["@HARVEST@": Set(harvest).sorted().joined(separator: ";")])
    // the first attempt is still in the gradebook
    let second = try XCTUnwrap(
      try attacked.grade(seed: 4711).submissions.first {
        $0.submission == "attack-harvest-second"
      })
    XCTAssertEqual(second.score, 0)
    let said = second.checks.compactMap(\.details).joined()
    // it was asked, and none of its inputs was in the table
    XCTAssertTrue(said.contains("UNKNOWN"), said)
    XCTAssertFalse(said.contains("\nKNOWN INPUT"), said)
  }

  /// The one check of the LSTM's values.
  private static let values = """
      - {id: 4.7b, name: LSTM, title: LSTM, file: LSTM.swift, points: 2, checks: [
          {id: lstm.values, title: values, test: LSTMChecks/test3Values, points: 2}]}
    """
  private static let noTraining = "data: {kind: spectrogram-chunks, training: 1, validation: 1}"

  func testAttacksOnTheAccuracy() throws {
    let attacked = try attackedClass(
      """
        - {id: 4.9a, name: ConvNet, title: network, file: ConvNet.swift, points: 1, checks: [
            {id: convnet.accuracy, title: accuracy, goal: ConvNet, test: ConvNetChecks/test6Accuracy, points: 1}]}
        - {id: 4.7a, name: RNN, title: RNN cell, file: RNN.swift, points: 1, checks: [
            {id: rnn.values, title: values, test: RNNChecks/test3Values, points: 1}]}
      """,
      """
      data: {kind: spectrogram-chunks, training: 2000, validation: \(Self.validationCount)}
      goals:
        ConvNet: {steps: 150, attempts: 2, batchSize: 64, learningRate: 0.004,
          minimum: 0.65, minimumSynthetic: 0.65}
      """)
    let course = try SpectrogramChunks().prepared(from: .synthetic)
    let manifest = try AssignmentManifest.read(attacked.assignment + "/assignment.yml")
    let seed: UInt64 = 4712
    let data = GradingData(
      course.split, selection: try manifest.dataSelection(), isSynthetic: true, seed: seed
    )
    .disguised(SpectrogramChunks().disguise, seed: seed)
    try data.write(to: attacked.gradingData)

    let table = Self.fingerprints(course.split.validation)
    let known = Dictionary(table) { first, _ in first }
    // Without the disguise the table is right about nearly all chunks.
    XCTAssertGreaterThan(table.count { known[$0.0] == $0.1 }, table.count * 95 / 100)
    let hits = Self.fingerprints(data.validation).count { known[$0.0] != nil }
    XCTAssertLessThan(hits, Self.validationCount / 10)

    try attacked.add("ann", attacked.solutions)
    let attacks = try Attack.all(on: .recurrentNetworks).filter {
      $0.file == "ConvNet.swift" && $0.undeserved == nil
    }
    XCTAssertGreaterThanOrEqual(attacks.count, 5)
    let entries = table.map { "\($0.0):\($0.1)" }.joined(separator: " ")
    for attack in attacks {
      try attacked.add(
        attack, ["@TABLE@": entries, "attackValidationCount": "\(Self.validationCount)"])
    }
    let summary = try attacked.grade(seed: seed)
    XCTAssertEqual(
      summary.submissions.first { $0.submission == "ann" }?.score, 2,
      "\(summary.submissions.first { $0.submission == "ann" }?.checks.map(\.message) ?? [])")
    print("\nAttacks on the accuracy, \(summary.sandbox)\n")
    print("| attack | tries | outcome | points |\n|---|---|---|---|")
    for attack in attacks {
      let result = try XCTUnwrap(
        summary.submissions.first { $0.submission == "attack-" + attack.name })
      let check = try XCTUnwrap(result.checks.first { $0.id == "convnet.accuracy" })
      XCTAssertEqual(check.points, 0, "\(attack.name): \(check.message)")
      XCTAssertEqual(result.score, 1, "\(attack.name) loses more than it attacks")
      XCTAssertFalse(
        (check.details ?? "").contains("LOOT"), "\(attack.name): \(check.details ?? "")")
      print(
        "| \(attack.title) | \(attack.tries) | \(check.outcome.rawValue): "
          + "\(check.message.prefix(110)) | \(Int(result.score)) of 2 |")
    }
    print("")
    XCTAssertEqual(Leftovers.processes(of: attacked.folder), [])
  }

  /// No disguise that leaves a recording to learn from hides it from a table by what it keeps; but the
  /// accuracy is that of the parameters, and there is no table in them.
  func testATableBesideARightNetworkHasNoAccuracy() throws {
    let attacked = try attackedClass(
      """
        - {id: 4.9a, name: ConvNet, title: network, file: ConvNet.swift, points: 2, checks: [
            {id: convnet.values, title: values, test: ConvNetChecks/test3Values, points: 1},
            {id: convnet.accuracy, title: accuracy, goal: ConvNet, test: ConvNetChecks/test6Accuracy, points: 1,
              needs: [convnet.values]}]}
      """,
      """
      data: {kind: spectrogram-chunks, training: 2000, validation: \(Self.validationCount)}
      goals:
        ConvNet: {steps: 40, attempts: 1, batchSize: 64, learningRate: 0.0005,
          minimum: 0.97, minimumSynthetic: 0.97}
      """)
    let course = try SpectrogramChunks().prepared(from: .synthetic)
    let manifest = try AssignmentManifest.read(attacked.assignment + "/assignment.yml")
    let data = GradingData(
      course.split, selection: try manifest.dataSelection(), isSynthetic: true, seed: 4712
    )
    .disguised(SpectrogramChunks().disguise, seed: 4712)
    try data.write(to: attacked.gradingData)
    // the table knows the chunks in their disguise
    let table = Self.orders(course.split.validation)
    let known = Dictionary(table) { first, _ in first }
    let hits = Self.orders(data.validation).count { known[$0.0] != nil }
    XCTAssertGreaterThan(hits, Self.validationCount * 95 / 100)

    try attacked.add(
      attack("labels-beside-a-network"),
      ["@ORDERS@": known.map { "\($0.key):\($0.value)" }.joined(separator: " ")])
    let result = try XCTUnwrap(try attacked.grade(seed: 4712).submissions.first)
    XCTAssertEqual(result.checks.map(\.outcome), [.passed, .failed], "\(result.notes)")
    let message = result.checks.last?.message ?? ""
    XCTAssertTrue(
      message.hasPrefix("what the network learned is not in its parameters"), message)
  }

  /// As `labels-beside-a-network` computes them: the steps at which the bins are largest, in order.
  private static func orders(_ chunks: ExampleSet) -> [(UInt64, Int)] {
    let batch = chunks.batch(Array(0..<chunks.count)[...])
    let (numbers, labels) = (batch.X.array, batch.labels)
    let (steps, bins) = (batch.X.shape[1], batch.X.shape[2])
    return labels.enumerated().map { index, label in
      let first = index * steps * bins
      let places = (0..<bins).map { bin -> Int in
        (0..<steps).max {
          numbers[first + $0 * bins + bin] < numbers[first + $1 * bins + bin]
        } ?? 0
      }
      let hash = places.sorted().reduce(14_695_981_039_346_656_037 as UInt64) {
        ($0 ^ UInt64($1)) &* 1_099_511_628_211
      }
      return (hash, Int(label))
    }
  }

  private static let validationCount = 300

  /// As `memorised-labels` computes them: numbers that the order of the bins does not change.
  private static func fingerprints(_ chunks: ExampleSet) -> [(Int32, Int)] {
    let batch = chunks.batch(Array(0..<chunks.count)[...])
    let (numbers, labels) = (batch.X.array, batch.labels)
    let size = numbers.count / max(batch.count, 1)
    return labels.enumerated().map { index, label in
      let values = numbers[(index * size)..<((index + 1) * size)]
      var sum = values.sorted().reduce(0.0) { $0 + Double($1) * Double($1) }
      sum = (sum * 1000).rounded()
      return (Int32(clamping: Int(sum)), Int(label))
    }
  }
}
