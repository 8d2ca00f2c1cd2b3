import Judge
import XCTest

/// The unit on recurrent and convolutional networks.
public enum RecurrentNetworksUnit: CourseUnit {
  /// Its subjects, its mistakes, what it trains on.
  public static let facts = RecurrentNetworksFacts.all

  // BEGIN INSTRUCTOR: the proof of the checks
  /// The checks of all models at random sizes.
  public static var falseAlarms: (any FalseAlarmCount.Type)? { FalseAlarms.self }
  // END INSTRUCTOR

  /// The checks of all tasks.
  public static var checks: [XCTestCaseEntry] {
    [
      testCase([
        ("test1Parameters", RNNChecks.test1Parameters),
        ("test1Start", RNNChecks.test1Start),
        ("test2Shapes", RNNChecks.test2Shapes),
        ("test3Values", RNNChecks.test3Values), ("test4Gradients", RNNChecks.test4Gradients),
      ]),
      testCase([
        ("test1Parameters", LSTMChecks.test1Parameters),
        ("test1Start", LSTMChecks.test1Start),
        ("test2Shapes", LSTMChecks.test2Shapes),
        ("test3Values", LSTMChecks.test3Values), ("test4Gradients", LSTMChecks.test4Gradients),
      ]),
      testCase([
        ("test1Parameters", ConvNetChecks.test1Parameters),
        ("test1Start", ConvNetChecks.test1Start),
        ("test2Shapes", ConvNetChecks.test2Shapes),
        ("test3Values", ConvNetChecks.test3Values),
        ("test4Gradients", ConvNetChecks.test4Gradients),
        ("test5Learns", ConvNetChecks.test5Learns),
        ("test6Accuracy", ConvNetChecks.test6Accuracy),
      ]),
      testCase([
        ("test1Parameters", LSTMNetChecks.test1Parameters),
        ("test1Start", LSTMNetChecks.test1Start),
        ("test2Shapes", LSTMNetChecks.test2Shapes),
        ("test3Values", LSTMNetChecks.test3Values),
        ("test4Gradients", LSTMNetChecks.test4Gradients),
        ("test5Learns", LSTMNetChecks.test5Learns),
        ("test6Accuracy", LSTMNetChecks.test6Accuracy),
      ]),
      testCase([
        ("test1Parameters", BuiltinLSTMNetChecks.test1Parameters),
        ("test1Start", BuiltinLSTMNetChecks.test1Start),
        ("test2Shapes", BuiltinLSTMNetChecks.test2Shapes),
        ("test3Values", BuiltinLSTMNetChecks.test3Values),
        ("test4Gradients", BuiltinLSTMNetChecks.test4Gradients),
        ("test5Learns", BuiltinLSTMNetChecks.test5Learns),
        ("test6Accuracy", BuiltinLSTMNetChecks.test6Accuracy),
      ]),
    ]
  }
}
