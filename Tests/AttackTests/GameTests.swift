import Assignment
import Building
import Foundation
import Grading
import Publication
import Sandbox
import TestSupport
import XCTest

/// Any folder of attacks, against a unit as it is: a row for each with what it got and deserved, how
/// long it took and what it left behind.
///
///     RHYTHMLAB_ATTACKS=FOLDER swift test --filter GameTests
///
/// The folder holds Swift files and folders of Swift files as `Attack` describes them, so that an
/// attack is added without code: in a folder for each unit, named after it, or all on networks.
final class GameTests: XCTestCase {
  func testAFolderOfAttacks() throws {
    guard let folder = ProcessInfo.processInfo.environment["RHYTHMLAB_ATTACKS"] else {
      throw XCTSkip("set RHYTHMLAB_ATTACKS to a folder of attacks")
    }
    let place = URL(fileURLWithPath: folder)
    let folders = [AttackedUnit.toy, .recurrentNetworks].map {
      (unit: $0, folder: place.appendingPathComponent($0.name))
    }.filter { FileManager.default.fileExists(atPath: $0.folder.path) }
    let attacks =
      folders.isEmpty
      ? try Attack.all(in: place, on: .recurrentNetworks)
      : try folders.flatMap { try Attack.all(in: $0.folder, on: $0.unit) }
    XCTAssertFalse(attacks.isEmpty, "\(folder) holds no attacks")
    var rows: [String] = []
    for tier in [SandboxTier.bubblewrap, .landlock] where Sandbox.probe(tier) == nil {
      for attack in attacks {
        rows.append(try row(attack, tier))
        print(rows[rows.count - 1])
        fflush(nil)
      }
    }
    print("\n| attack | tier | points | deserves | time | left behind | outcome |")
    print("|---|---|---|---|---|---|---|")
    rows.forEach { print($0) }
  }

  private func row(_ attack: Attack, _ tier: SandboxTier) throws -> String {
    let manifest = try AssignmentManifest.read(attack.unit.assignment + "/assignment.yml")
      .withoutTraining
    // a class of one each time, so that what is left can be told apart
    let attacked = try AttackedClass(attack.unit)
    defer { attacked.remove() }
    try attacked.use(tier)
    try attacked.add(attack)
    let start = Date()
    let summary = try attacked.grade(seed: UInt64.random(in: 1..<1 << 53), withoutAccuracy: true)
    let seconds = Date().timeIntervalSince(start)
    let result = try XCTUnwrap(summary.submissions.first, attack.name)
    let points = Dictionary(uniqueKeysWithValues: result.checks.map { ($0.id, $0.points) })
    for id in attack.undeserved ?? [] {
      XCTAssertEqual(points[id], 0, "\(attack.name): \(id), \(tier.rawValue)")
    }
    let limits = manifest.limits.submission
    XCTAssertLessThan(
      seconds, 1.1 * (limits.compilerSeconds + limits.answerSeconds) + 60, attack.name)
    let left =
      Leftovers.processes(of: attacked.folder).map { "process \($0)" } + Leftovers.files()
    XCTAssertEqual(left, [], attack.name)
    XCTAssertTrue(attacked.baits.isWhole, attack.name)
    XCTAssertFalse(attacked.baits.wasReached, attack.name)
    let printed = result.checks.compactMap(\.details).joined(separator: " ")
    let measured = printed.split(separator: "\n").first {
      $0.contains("MEASURED") || $0.contains("LOOT")
    }
    let own = result.checks.filter { check in
      manifest.tasks.contains { $0.id == check.task && $0.file == attack.file }
    }
    let worst = own.first { $0.outcome != .passed }
    let outcome =
      worst.map { "\($0.id) \($0.outcome.rawValue): \($0.message.prefix(100))" } ?? "passed"
    let deserved = attack.undeserved.map { undeserved in
      manifest.tasks.flatMap(\.checks).filter { !undeserved.contains($0.id) }
        .reduce(0) { $0 + $1.points }
    }
    func number(_ value: Double) -> String { String(format: "%.2f", value) }
    return "| \(attack.name) | \(tier.rawValue) | \(number(result.score)) | "
      + "\(deserved.map { "at most " + number($0) } ?? "?") | \(Int(seconds)) s | "
      + "\(left.isEmpty ? "nothing" : left.joined(separator: ", ")) | "
      + "\((measured.map { $0.prefix(120) + "; " } ?? "") + outcome) |"
  }
}
