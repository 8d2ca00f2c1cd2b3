import Judge
import XCTest

/// The unit on diagnoses that no label named: ECGs in the space of their texts.
public enum ContrastiveECGUnit: CourseUnit {
  /// Its subjects and its mistakes.
  public static let facts = ContrastiveFacts.all

  // BEGIN INSTRUCTOR: the proof of the checks
  /// The checks of all subjects at random sizes.
  public static var falseAlarms: (any FalseAlarmCount.Type)? { FalseAlarms.self }

  /// The model learns by its own loss, and two groups of queries must be ranked.
  public static func reach(goal: String, _ session: JudgeSession) throws -> String? {
    try LearningChecks.reach(session)
  }
  // END INSTRUCTOR

  /// The checks of all tasks.
  public static var checks: [XCTestCaseEntry] {
    [
      testCase([
        ("test3Values", DistanceChecks.test3Values),
        ("test4Gradients", DistanceChecks.test4Gradients),
      ]),
      testCase([
        ("test3Values", TripletChecks.test3Values),
        ("test4Gradients", TripletChecks.test4Gradients),
      ]),
      testCase([
        ("test3Hardest", MiningChecks.test3Hardest), ("test3SemiHard", MiningChecks.test3SemiHard),
      ]),
      testCase([
        ("test1Parameters", EncoderChecks.test1Parameters),
        ("test1Start", EncoderChecks.test1Start), ("test2Shapes", EncoderChecks.test2Shapes),
        ("test3Values", EncoderChecks.test3Values), ("test3Training", EncoderChecks.test3Training),
        ("test4Gradients", EncoderChecks.test4Gradients),
      ]),
      testCase([("test3Normalised", NormalisationChecks.test3Normalised)]),
      testCase([
        ("test1Parameters", ModelChecks.test1Parameters), ("test1Start", ModelChecks.test1Start),
        ("test3Values", ModelChecks.test3Values), ("test4Gradients", ModelChecks.test4Gradients),
      ]),
      testCase([
        ("test3Values", LossChecks.test3Values), ("test4Gradients", LossChecks.test4Gradients),
      ]),
      testCase([
        ("test5Learns", LearningChecks.test5Learns), ("test6Goal", LearningChecks.test6Goal),
      ]),
      testCase([
        ("test3ClassVectors", QueryChecks.test3ClassVectors),
        ("test3Scores", QueryChecks.test3Scores),
        ("test3Predictions", QueryChecks.test3Predictions),
      ]),
      testCase([
        ("test3Area", RankingChecks.test3Area), ("test3Precision", RankingChecks.test3Precision),
      ]),
    ]
  }
}
