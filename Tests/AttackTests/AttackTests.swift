import Assignment
import Building
import Foundation
import Grading
import People
import Publication
import Sandbox
import TestSupport
import XCTest

@testable import Intake

/// The corpus of attacks on checks: every one gets nothing for what it attacks, leaves nothing behind, and
/// costs nobody else anything.
final class AttackTests: XCTestCase {
  /// Three times what honest work takes: what never ends costs each limit in full, and on the clock
  /// twice more when it is tried again alone.
  private static func limits(check: Double) -> String {
    """
    limits:
      build: {cpuSeconds: 4, wallSeconds: 60, memoryBytes: 2147483648, processes: 128}
      submission: {compilerSeconds: 14, answerSeconds: 60}
      check: {cpuSeconds: \(check), wallSeconds: \(check + 1), memoryBytes: 536870912}
      training: {cpuSeconds: 20, wallSeconds: 40, memoryBytes: 1073741824}
    """
  }

  /// Three tasks of the unit with few checks, for attacks on its layers.
  private static let layersManifest = """
    unit: RecurrentNetworks
    title: Attacks
    files: [RNN.swift, LSTM.swift, ConvNet.swift, LSTMNet.swift, BuiltinLSTMNet.swift]
    data: {kind: spectrogram-chunks, training: 1, validation: 1}
    goals: {}
    parts: {RecurrentLayers: {files: [BuiltinLSTMNet.swift], holds: [BuiltinLSTM, Tensor.lstm]}}
    tasks:
      - {id: 4.7a, name: RNN, title: RNN cell, file: RNN.swift, points: 1, checks: [
          {id: rnn.values, title: values, test: RNNChecks/test3Values, points: 1}]}
      - {id: 4.9a, name: ConvNet, title: network, file: ConvNet.swift, points: 1, checks: [
          {id: convnet.shapes, title: shapes, test: ConvNetChecks/test2Shapes, points: 1}]}
      - {id: 4.7b, name: LSTM, title: LSTM, file: LSTM.swift, points: 5, checks: [
          {id: lstm.shapes, title: shapes, test: LSTMChecks/test2Shapes, points: 1},
          {id: lstm.values, title: values, test: LSTMChecks/test3Values, points: 2,
            needs: [lstm.shapes]},
          {id: lstm.gradients, title: gradients, test: LSTMChecks/test4Gradients, points: 2,
            needs: [lstm.values]}]}
      - {id: 4.9b, name: LSTMNet, title: network, file: LSTMNet.swift, points: 1, checks: [
          {id: lstmnet.values, title: values, test: LSTMNetChecks/test3Values, points: 1,
            needs: [lstm.values]}]}

    """ + limits(check: 1.5)

  /// The builds of the first tier serve the second. Tests run one after the other.
  nonisolated(unsafe) private static let toys = Result {
    let manifest = try String(
      contentsOfFile: AttackedUnit.toy.assignment + "/assignment.yml", encoding: .utf8)
    let end = try XCTUnwrap(manifest.range(of: "limits:\n"))
    return try AttackedClass(
      .toy, manifest: manifest[..<end.lowerBound] + limits(check: 1))
  }
  nonisolated(unsafe) private static let layers = Result {
    try AttackedClass(.recurrentNetworks, manifest: layersManifest)
  }

  override class func tearDown() {
    for shared in [toys, layers] { (try? shared.get())?.remove() }
  }

  /// Attacks on the system, whatever the unit.
  func testAttacksInBubblewrap() throws { try runOnTheSystem(.bubblewrap) }
  func testAttacksUnderLandlock() throws { try runOnTheSystem(try second()) }

  /// Attacks on layers: on what their checks compare, and on what keeps the core's own from them.
  func testAttacksOnLayersInBubblewrap() throws { try runOnLayers(.bubblewrap) }
  func testAttacksOnLayersUnderLandlock() throws { try runOnLayers(try second()) }

  /// Attacks on starts, on networks and on what they learn: against the unit's own checks.
  func testAttacksOnOtherChecksInBubblewrap() throws { try runOthers(.bubblewrap) }
  func testAttacksOnOtherChecksUnderLandlock() throws { try runOthers(try second()) }

  /// The second tier takes some more minutes: only on request, or where it is the one that grades.
  private func second() throws -> SandboxTier {
    try XCTSkipUnless(
      Subset.isThorough || Sandbox.probe(.bubblewrap) != nil,
      "set RHYTHMLAB_THOROUGH=1 for this tier too")
    return .landlock
  }

  /// Those that are tried in a tier: a run that is to end soon draws some for the tier that does not
  /// grade here.
  private func tried(_ attacks: [Attack], _ tier: SandboxTier) -> [Attack] {
    tier == .landlock && Sandbox.probe(.bubblewrap) == nil
      ? Subset.oneOfEvery(1, of: attacks) : attacks
  }

  /// The attacks on layers, whose checks are among those of their manifest, and the others. Those on the
  /// accuracy are in `TableTests`.
  private func onNetworks() throws -> (layers: [Attack], others: [Attack]) {
    let checks = try Self.layers.get().checks
    let all = try Attack.all(on: .recurrentNetworks).filter {
      $0.file != "ConvNet.swift"
        || !($0.undeserved ?? ["convnet.accuracy"]).contains("convnet.accuracy")
    }
    let layers = all.filter { checks.isSuperset(of: $0.undeserved ?? []) }
    return (layers, all.filter { !checks.isSuperset(of: $0.undeserved ?? []) })
  }

  private func runOnTheSystem(_ tier: SandboxTier) throws {
    let attacks = try Attack.all(on: .toy)
    XCTAssertGreaterThan(attacks.count, 50)
    try run(
      attacks, tier, try Self.toys.get(), honest: ["ann", "zoe"] + Self.names,
      others: ["sums.values", "net.values", "net.learns"])
  }

  private func runOnLayers(_ tier: SandboxTier) throws {
    let attacks = try onNetworks().layers
    XCTAssertGreaterThan(attacks.count, 10)
    try run(
      attacks, tier, try Self.layers.get(), honest: ["ann"],
      others: ["rnn.values", "convnet.shapes"])
  }

  private func runOthers(_ tier: SandboxTier) throws {
    let attacks = try onNetworks().others
    XCTAssertGreaterThan(attacks.count, 10)
    let attacked = try AttackedClass(.recurrentNetworks)
    defer { attacked.remove() }
    try attacked.use(tier)
    try attacked.add("ann", attacked.solutions)
    let summary = try requireNothingGained(
      attacked, tried(attacks, tier), seed: 4711, withoutAccuracy: true)
    let honest = try XCTUnwrap(summary.submissions.first { $0.submission == "ann" })
    XCTAssertEqual(
      honest.checks.filter { $0.outcome != .passed && $0.outcome != .notRun }.map(\.message), [])
  }

  /// Attacks with honest submissions among them, which have all points, and checks of other files, which
  /// nobody loses.
  private func run(
    _ attacks: [Attack], _ tier: SandboxTier, _ attacked: AttackedClass, honest: [String],
    others: Set<String>
  ) throws {
    try attacked.use(tier)
    for name in honest { try attacked.add(name, attacked.solutions) }
    let summary = try requireNothingGained(attacked, tried(attacks, tier), seed: 4711)
    for name in honest {
      let shown = shown(name)
      let result = try XCTUnwrap(summary.submissions.first { $0.submission == shown }, shown)
      XCTAssertEqual(
        result.score, result.maxScore, "\(name): \(result.notes) \(result.checks.map(\.message))")
    }
    for result in summary.submissions {
      for check in result.checks where others.contains(check.id) {
        XCTAssertEqual(check.points, check.maxPoints, "\(result.submission): \(check.message)")
      }
    }
  }

  /// Grades attacks and prints their table: none has points that it does not deserve, none leaves
  /// anything behind.
  private func requireNothingGained(
    _ attacked: AttackedClass, _ attacks: [Attack], seed: UInt64, withoutAccuracy: Bool = false
  ) throws -> GradeSummary {
    for attack in attacks { try attacked.add(attack) }
    let before = Leftovers.contents(of: attacked.assignment)
    let handedIn = Leftovers.contents(of: attacked.submissions)
    let summary = try attacked.grade(seed: seed, withoutAccuracy: withoutAccuracy)
    var rows: [(Attack, String, String)] = []
    for attack in attacks {
      let result = try XCTUnwrap(
        summary.submissions.first { $0.submission == "attack-" + attack.name }, attack.name)
      XCTAssertEqual(result.status, .graded, "\(attack.name): \(result.notes)")
      let isBuilt = !result.checks.contains { $0.outcome == .notBuilt }
      XCTAssertEqual(isBuilt, attack.compiles, "\(attack.name): \(result.notes)")
      let undeserved = result.checks.filter { attack.undeserved?.contains($0.id) == true }
      XCTAssertEqual(
        undeserved.map(\.id).sorted(), (attack.undeserved ?? []).sorted(), attack.name)
      for check in undeserved {
        XCTAssertEqual(check.points, 0, "\(attack.name): \(check.id)")
      }
      let text = try String(decoding: JSONEncoder().encode(result), as: UTF8.self)
      XCTAssertFalse(text.contains("LOOT"), "\(attack.name): \(text)")
      XCTAssertFalse(text.contains(attacked.baits.secret), "\(attack.name) saw the secret")
      XCTAssertLessThan(text.utf8.count, 200_000, attack.name)
      let candidates = undeserved.isEmpty ? result.checks : undeserved
      let first =
        candidates.first { $0.outcome != .passed && $0.outcome != .notRun } ?? candidates.first
      rows.append(
        (attack, "\(first?.outcome.rawValue ?? "?"): \(first?.message ?? "")", points(result)))
    }
    try requireNothingLeft(attacked, before: before, handedIn: handedIn)
    printTable(rows, tier: summary.sandbox)
    return summary
  }

  /// Names that a terminal, a browser, a spreadsheet or a file system would obey.
  private static let names = [
    "=cmd|' calc'!A0", "<script>alert(1)<", "new\nline\u{1b}[2J", "not..hidden", "-rf",
    "\u{202e}txt.exe", "a' OR '1'='1", "%2e%2e%2f", String(repeating: "n", count: 200),
  ]

  private func requireNothingLeft(
    _ attacked: AttackedClass, before: [String: Data], handedIn: [String: Data]
  ) throws {
    XCTAssertEqual(Leftovers.processes(of: attacked.folder), [])
    XCTAssertEqual(Leftovers.files(), [])
    XCTAssertEqual(
      try FileManager.default.contentsOfDirectory(atPath: attacked.folder + "/tmp"), [])
    XCTAssertEqual(Leftovers.contents(of: attacked.assignment), before)
    XCTAssertEqual(Leftovers.contents(of: attacked.submissions), handedIn)
    XCTAssertTrue(attacked.baits.isWhole)
    XCTAssertFalse(attacked.baits.wasReached, "somebody has connected")
    // what terminals and browsers read
    let report = try String(
      contentsOfFile: attacked.folder + "/out/report/index.html", encoding: .utf8)
    XCTAssertFalse(report.contains("<script>alert"))
    XCTAssertFalse(report.unicodeScalars.contains("\u{1b}"))
  }

  private func points(_ result: SubmissionResult) -> String {
    "\(String(format: "%g", result.score)) of \(String(format: "%g", result.maxScore))"
  }

  private func printTable(_ rows: [(Attack, String, String)], tier: String) {
    print("\nAttacks, \(tier)\n")
    print("| attack | tries | outcome | points |\n|---|---|---|---|")
    for (attack, outcome, points) in rows {
      print("| \(attack.title) | \(attack.tries) | \(outcome.prefix(110)) | \(points) |")
    }
    print("")
  }
}
