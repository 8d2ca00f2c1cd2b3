import Foundation
import GRDB
import XCTest

@testable import Gradebook

/// What people say is kept, and only taken back, never lost.
final class HandwrittenTests: XCTestCase {
  private var folder = ""

  override func setUpWithError() throws {
    folder =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("handwritten-\(UUID().uuidString)").path
  }

  override func tearDownWithError() throws { try FileManager.default.removeItem(atPath: folder) }

  private func points(_ value: Double, by person: String = "Jo") -> GivenPoints {
    GivenPoints(
      submission: "ann", check: "a.b", points: value, maxPoints: 2, reason: "so", person: person,
      files: "F", checkHash: "H", givenAt: Date(timeIntervalSince1970: 1_700_000_000))
  }

  func testPointsTakeThePlaceOfEarlierOnesAndAllStayKnown() throws {
    let gradebook = try Gradebook(folder: folder)
    XCTAssertEqual(try gradebook.handwrittenRevision(), 0)
    try gradebook.give(points(1))
    try gradebook.give(points(2, by: "Al"))
    XCTAssertEqual(try gradebook.givenPoints(), [points(2, by: "Al")])
    XCTAssertEqual(try gradebook.handwrittenRevision(), 3)
    XCTAssertTrue(try gradebook.takeBackPoints(submission: "ann", check: "a.b", by: "Jo"))
    XCTAssertFalse(try gradebook.takeBackPoints(submission: "ann", check: "a.b", by: "Jo"))
    XCTAssertEqual(try gradebook.givenPoints(), [])
    let all = try gradebook.database.read {
      try Row.fetchAll($0, sql: "SELECT points, person, takenBackBy FROM givenPoints ORDER BY id")
        .map { [$0["points"] as Double? ?? 0] }
    }
    XCTAssertEqual(all, [[1], [2]])
    XCTAssertEqual(try gradebook.handwrittenRevision(), 4)
  }

  func testDecisionsAreReplacedAndTakenBack() throws {
    let gradebook = try Gradebook(folder: folder)
    let first = try gradebook.decide(Data("1".utf8), reason: "why")
    let second = try gradebook.decide(Data("2".utf8), replacing: [first])
    XCTAssertEqual(try gradebook.decisions().map(\.id), [second])
    XCTAssertTrue(try gradebook.takeBackDecision(second))
    XCTAssertFalse(try gradebook.takeBackDecision(second))
    XCTAssertEqual(try gradebook.decisions(), [])
    XCTAssertEqual(try gradebook.handwrittenRevision(), 4)
  }

  func testWhatAReplacedDecisionSaidCanHoldAgain() throws {
    let gradebook = try Gradebook(folder: folder)
    let first = try gradebook.decide(Data("1".utf8), reason: "why")
    let other = try gradebook.decide(Data("other".utf8))
    XCTAssertTrue(try gradebook.takeBackDecision(other))
    let second = try gradebook.decide(Data("2".utf8), replacing: [first])
    let third = try gradebook.decide(Data("3".utf8), replacing: [second])
    var before = try gradebook.handwrittenRevision()
    for (last, said) in [(third, "2"), (Int64(5), "1")] {
      let earlier = try gradebook.decisions(replacedBy: last)
      XCTAssertEqual(earlier.map(\.decision), [Data(said.utf8)])
      XCTAssertTrue(try gradebook.takeBackDecision(last, bringingBack: earlier))
      XCTAssertEqual(try gradebook.decisions().map(\.decision), [Data(said.utf8)])
      // what is written from the gradebook is written anew
      XCTAssertGreaterThan(try gradebook.handwrittenRevision(), before)
      before = try gradebook.handwrittenRevision()
    }
    XCTAssertEqual(try gradebook.decisions().map(\.reason), ["why"])
  }
}
