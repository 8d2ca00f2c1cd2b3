import Assignment
import Judge
import XCTest

/// What thirty checks say of a recipe.
final class RecipeFiguresTests: XCTestCase {
  /// A check whose trainings end with these accuracies after 94 and 188 batches; the last one's second
  /// epoch decides.
  private func trial(_ seed: UInt64, _ trainings: [Double], passed: Bool) -> RecipeFigures.Trial {
    let points = trainings.enumerated().flatMap { index, accuracy in
      [(94, accuracy - 0.1), (188, accuracy)].map { steps, reached in
        TrainingCurve.Point(
          attempt: index + 1, steps: steps, trainLoss: nil, trainAccuracy: nil,
          validationAccuracy: reached)
      }
    }
    return .init(
      seed: seed, curve: TrainingCurve(network: "N", goal: 0.7, points: points), passed: passed)
  }

  func testATrialCountsItsTrainingsAndBatches() {
    let trial = trial(1, [0.6, 0.8], passed: true)
    XCTAssertEqual(trial.attempts, 2)
    XCTAssertEqual(trial.steps, 2 * 188)
    XCTAssertEqual(trial.best, 0.8)
  }

  /// 30 checks pass, two of them in their second training. The interval's ends are those of
  /// statsmodels' `proportion_confint(count, nobs, method="wilson")`.
  func testTheFiguresOfThirtyChecks() {
    let trials = (1...30).map { trial(UInt64($0), $0 <= 2 ? [0.6, 0.8] : [0.8], passed: true) }
    let figures = RecipeFigures(trials, allowed: 5)
    XCTAssertEqual(figures.passes, 30)
    XCTAssertEqual(figures.attempts.all, 32)
    XCTAssertEqual(figures.attempts.failed, 2)
    XCTAssertEqual(figures.failure.share, 2.0 / 32, accuracy: 1e-12)
    XCTAssertEqual(figures.failure.upper, 0.2014712, accuracy: 1e-6)
    // five misses in a row
    XCTAssertEqual(figures.passing.share, 1 - 1 / 1_048_576, accuracy: 1e-12)
    XCTAssertEqual(figures.passing.lower, 0.9996681, accuracy: 1e-6)
    let sure = RecipeFigures(
      (1...30).map { trial(UInt64($0), [0.8], passed: true) }, allowed: 4)
    XCTAssertEqual(sure.failure.share, 0)
    XCTAssertEqual(sure.failure.upper, 0.1135134, accuracy: 1e-6)
  }

  /// Of the trainings 0.5, 0.6 and 0.8 two miss a goal of 0.7. Standard deviation: NumPy's
  /// `std([0.5, 0.6], ddof=1)`.
  func testHowNearTheTrainingsCameThatMissTheGoal() throws {
    let figures = RecipeFigures(
      [trial(1, [0.5], passed: false), trial(2, [0.6, 0.8], passed: true)], allowed: 2)
    let missed = try XCTUnwrap(figures.missed)
    XCTAssertEqual(missed.count, 2)
    XCTAssertEqual(missed.median, 0.6)
    XCTAssertEqual(missed.highest, 0.6)
    XCTAssertEqual(missed.deviation, 0.0707107, accuracy: 1e-6)
    XCTAssertNil(RecipeFigures([trial(1, [0.8], passed: true)], allowed: 1).missed)
  }

  func testNothingTriedIsNothingProven() {
    let none = RecipeFigures([], allowed: 4)
    XCTAssertEqual(none.failure.upper, 1)
    XCTAssertEqual(none.passing.lower, 0)
  }
}
