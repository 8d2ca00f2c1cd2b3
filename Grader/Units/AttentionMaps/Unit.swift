import Judge
import XCTest

/// The unit on a dilated network that shows where it looked.
public enum AttentionMapsUnit: CourseUnit {
  /// Its subjects and its mistakes.
  public static let facts = AttentionMapsFacts.all

  // BEGIN INSTRUCTOR: the proof of the checks
  /// The checks of all subjects at random sizes.
  public static var falseAlarms: (any FalseAlarmCount.Type)? { FalseAlarms.self }
  // END INSTRUCTOR

  /// The checks of all tasks.
  public static var checks: [XCTestCaseEntry] {
    [
      testCase([("test3Values", ClassWeightsChecks.test3Values)]),
      testCase([("test3Values", ChallengeScoreChecks.test3Values)]),
      testCase([("test3Values", ReceptiveFieldChecks.test3Values)]),
      testCase([
        ("test1Parameters", DilatedConvolutionChecks.test1Parameters),
        ("test1Start", DilatedConvolutionChecks.test1Start),
        ("test2Shapes", DilatedConvolutionChecks.test2Shapes),
        ("test3Values", DilatedConvolutionChecks.test3Values),
        ("test4Gradients", DilatedConvolutionChecks.test4Gradients),
      ]),
      testCase([
        ("test1Parameters", BatchNormalisationChecks.test1Parameters),
        ("test1Start", BatchNormalisationChecks.test1Start),
        ("test2Shapes", BatchNormalisationChecks.test2Shapes),
        ("test3Training", BatchNormalisationChecks.test3Training),
        ("test3Evaluation", BatchNormalisationChecks.test3Evaluation),
        ("test3State", BatchNormalisationChecks.test3State),
        ("test4Training", BatchNormalisationChecks.test4Training),
        ("test4Evaluation", BatchNormalisationChecks.test4Evaluation),
      ]),
      testCase([
        ("test1Parameters", ResidualBlockChecks.test1Parameters),
        ("test2Shapes", ResidualBlockChecks.test2Shapes),
        ("test3Evaluation", ResidualBlockChecks.test3Evaluation),
        ("test3Training", ResidualBlockChecks.test3Training),
        ("test4Gradients", ResidualBlockChecks.test4Gradients),
      ]),
      testCase([
        ("test3Values", ClassLogitsChecks.test3Values),
        ("test4Gradients", ClassLogitsChecks.test4Gradients),
      ]),
      testCase([
        ("test1Parameters", ClassMapsChecks.test1Parameters),
        ("test3All", ClassMapsChecks.test3All), ("test3One", ClassMapsChecks.test3One),
        ("test3Mean", ClassMapsChecks.test3Mean),
      ]),
      testCase([("test3Values", InterpolationChecks.test3Values)]),
      testCase([
        ("test1Parameters", DilatedNetChecks.test1Parameters),
        ("test1Start", DilatedNetChecks.test1Start), ("test2Shapes", DilatedNetChecks.test2Shapes),
        ("test3Evaluation", DilatedNetChecks.test3Evaluation),
        ("test3Training", DilatedNetChecks.test3Training),
        ("test3Maps", DilatedNetChecks.test3Maps),
        ("test4Gradients", DilatedNetChecks.test4Gradients),
        ("test5Learns", DilatedNetChecks.test5Learns),
        ("test6Accuracy", DilatedNetChecks.test6Accuracy),
        ("test7Maps", DilatedNetChecks.test7Maps),
      ]),
    ]
  }
}
