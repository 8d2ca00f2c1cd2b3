import XCTest

@testable import Judge
@testable import ModelSelectionChecks

/// How well the known mistakes of the unit on features and searches show in the experiments that its checks draw, and
/// how well they are named, with fresh seeds.
final class MistakesOfSelectionTests: XCTestCase {
  private func mistakes() throws -> SeriesMistakes {
    try SeriesMistakes(ModelSelectionUnit.self) {
      SizedSeries.all($0).map { ($0.series, $0.hasGradients) }
    }
  }

  func testEveryMistakeShows() throws {
    // the taps are nearly odd, and a formula for them is near the table
    try mistakes().requireShown(
      near: ["taps-not-reversed-and-sign": 5, "closed-form": 5], inGradients: false, moreThan: 110)
    try mistakes().requireShown(inGradients: true)
  }

  func testMistakesAreNamed() throws { try mistakes().requireNames() }

  func testRightResultsAreTheReferences() throws { try mistakes().requireRightResults() }

  func testRightWorkRaisesNoAlarm() throws { try mistakes().requireNoAlarm(FalseAlarms()) }

  func testARightNetworkLearnsItsBatch() throws {
    try mistakes().requireNoAlarmOfLearning(FalseAlarms())
  }

  /// How far below its goal a right search comes, and that its means are spread as little as the goal takes for granted. With
  /// RHYTHMLAB_SEEDS for so many seeds.
  func testARightSearchReachesItsGoal() throws {
    let means = try MistakeMargins.seeds(2).map { seed in
      let regrets = try TPEChecks.regrets(mistakes().unit.session(seed: 400 + seed), attempt: 1)
      return regrets.reduce(0, +) / Double(regrets.count)
    }
    let mean = means.reduce(0, +) / Double(means.count)
    let squares = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / Double(max(means.count - 1, 1))).squareRoot()
    print(
      "\(means.count) right searches: mean \(mean), deviation \(deviation), largest \(means.max() ?? 0)"
    )
    XCTAssertLessThan(means.max() ?? 0, -2.8)
  }
}
