import XCTest

@testable import ContrastiveECGChecks
@testable import Judge

/// How well the known mistakes of the unit on diagnoses that no label named show in the experiments that its checks draw,
/// and how well they are named, with fresh seeds.
final class MistakesOfContrastTests: XCTestCase {
  private func mistakes() throws -> SeriesMistakes {
    try SeriesMistakes(ContrastiveECGUnit.self) {
      SizedSeries.all($0).map { ($0.series, $0.hasGradients) }
    }
  }

  func testEveryMistakeShows() throws {
    try mistakes().requireShown(inGradients: false, moreThan: 120)
    try mistakes().requireShown(inGradients: true, moreThan: 10)
  }

  func testMistakesAreNamed() throws { try mistakes().requireNames() }

  func testRightResultsAreTheReferences() throws { try mistakes().requireRightResults() }

  func testRightWorkRaisesNoAlarm() throws { try mistakes().requireNoAlarm(FalseAlarms()) }

  func testARightModelLearnsItsBatch() throws {
    try mistakes().requireNoAlarmOfLearning(FalseAlarms())
  }
}
