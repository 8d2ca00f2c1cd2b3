import XCTest

@testable import AttentionMapsChecks
@testable import Judge

/// How well the known mistakes of the unit on class activation maps show in the experiments that its checks draw, and
/// how well they are named, with fresh seeds.
final class MistakesOfMapsTests: XCTestCase {
  private func mistakes() throws -> SeriesMistakes {
    try SeriesMistakes(AttentionMapsUnit.self) {
      SizedSeries.all($0).map { ($0.series, $0.hasGradients) }
    }
  }

  func testEveryMistakeShows() throws {
    try mistakes().requireShown(inGradients: false, moreThan: 140)
    try mistakes().requireShown(inGradients: true, moreThan: 7)
  }

  func testMistakesAreNamed() throws { try mistakes().requireNames() }

  func testRightResultsAreTheReferences() throws { try mistakes().requireRightResults() }

  func testRightWorkRaisesNoAlarm() throws { try mistakes().requireNoAlarm(FalseAlarms()) }

  func testARightNetworkLearnsItsBatch() throws {
    try mistakes().requireNoAlarmOfLearning(FalseAlarms())
  }
}
