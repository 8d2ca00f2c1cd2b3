import Judge
import XCTest

/// The unit on features, searches and a set that is looked at once.
public enum ModelSelectionUnit: CourseUnit {
  /// Its subjects and its mistakes.
  public static let facts = ModelSelectionFacts.all

  // BEGIN INSTRUCTOR: the proof of the checks
  /// The checks of all subjects at random sizes.
  public static var falseAlarms: (any FalseAlarmCount.Type)? { FalseAlarms.self }
  // END INSTRUCTOR

  /// The checks of all tasks.
  public static var checks: [XCTestCaseEntry] {
    [
      testCase([
        ("test2Shapes", WaveletChecks.test2Shapes), ("test3Values", WaveletChecks.test3Values),
        ("test3Edges", WaveletChecks.test3Edges),
      ]),
      testCase([
        ("test3Graft", GraftChecks.test3Graft), ("test3Shift", GraftChecks.test3Shift),
      ]),
      testCase([
        ("test3Counts", BalanceChecks.test3Counts),
        ("test3Provenance", BalanceChecks.test3Provenance),
        ("test3Distribution", BalanceChecks.test3Distribution),
      ]),
      testCase([
        ("test1Parameters", StackedLinearChecks.test1Parameters),
        ("test1Start", StackedLinearChecks.test1Start),
        ("test3Values", StackedLinearChecks.test3Values),
        ("test3Dropout", StackedLinearChecks.test3Dropout),
        ("test4Gradients", StackedLinearChecks.test4Gradients),
        ("test5Learns", StackedLinearChecks.test5Learns),
        ("test6AUROC", StackedLinearChecks.test6AUROC),
      ]),
      testCase([
        ("test3Decisions", StoppingChecks.test3Decisions),
        ("test3Training", StoppingChecks.test3Training),
      ]),
      testCase([
        ("test3Values", AUROCChecks.test3Values), ("test3Ties", AUROCChecks.test3Ties),
        ("test3Invariances", AUROCChecks.test3Invariances),
      ]),
      testCase([
        ("test2Bounds", RandomSearchChecks.test2Bounds),
        ("test3Distribution", RandomSearchChecks.test3Distribution),
      ]),
      testCase([
        ("test3Widths", ParzenChecks.test3Widths), ("test3Density", ParzenChecks.test3Density),
        ("test3Choices", ParzenChecks.test3Choices), ("test3Draws", ParzenChecks.test3Draws),
      ]),
      testCase([
        ("test3Split", TPEChecks.test3Split), ("test3Choice", TPEChecks.test3Choice),
        ("test3Start", TPEChecks.test3Start), ("test6Search", TPEChecks.test6Search),
      ]),
      testCase([
        ("test3Values", EvaluationChecks.test3Values),
        ("test3Special", EvaluationChecks.test3Special),
      ]),
    ]
  }
}
