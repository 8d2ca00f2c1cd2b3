import Judge
import XCTest

/// The unit on attention and a transformer for heartbeats.
public enum HeartbeatTransformerUnit: CourseUnit {
  /// Its subjects and its mistakes.
  public static let facts = HeartbeatTransformerFacts.all

  // BEGIN INSTRUCTOR: the proof of the checks
  /// The checks of all subjects at random sizes.
  public static var falseAlarms: (any FalseAlarmCount.Type)? { FalseAlarms.self }
  // END INSTRUCTOR

  /// The checks of all tasks.
  public static var checks: [XCTestCaseEntry] {
    [
      testCase([
        ("test2Shapes", AttentionChecks.test2Shapes), ("test3Values", AttentionChecks.test3Values),
        ("test4Gradients", AttentionChecks.test4Gradients),
      ]),
      testCase([
        ("test1Parameters", MultiHeadAttentionChecks.test1Parameters),
        ("test1Start", MultiHeadAttentionChecks.test1Start),
        ("test2Shapes", MultiHeadAttentionChecks.test2Shapes),
        ("test3Values", MultiHeadAttentionChecks.test3Values),
        ("test4Gradients", MultiHeadAttentionChecks.test4Gradients),
      ]),
      testCase([
        ("test1Parameters", MLPChecks.test1Parameters), ("test1Start", MLPChecks.test1Start),
        ("test2Shapes", MLPChecks.test2Shapes), ("test3Values", MLPChecks.test3Values),
        ("test4Gradients", MLPChecks.test4Gradients),
      ]),
      testCase([
        ("test1Parameters", EncoderLayerChecks.test1Parameters),
        ("test2Shapes", EncoderLayerChecks.test2Shapes),
        ("test3Values", EncoderLayerChecks.test3Values),
        ("test4Gradients", EncoderLayerChecks.test4Gradients),
      ]),
      testCase([
        ("test1Parameters", BeatEmbeddingChecks.test1Parameters),
        ("test1Start", BeatEmbeddingChecks.test1Start),
        ("test2Shapes", BeatEmbeddingChecks.test2Shapes),
        ("test3Values", BeatEmbeddingChecks.test3Values),
        ("test4Gradients", BeatEmbeddingChecks.test4Gradients),
      ]),
      testCase([
        ("test1Parameters", BeatClassifierChecks.test1Parameters),
        ("test1Start", BeatClassifierChecks.test1Start),
        ("test2Shapes", BeatClassifierChecks.test2Shapes),
        ("test3Values", BeatClassifierChecks.test3Values),
        ("test4Gradients", BeatClassifierChecks.test4Gradients),
      ]),
      testCase([
        ("test1Parameters", ECGformerChecks.test1Parameters),
        ("test1Start", ECGformerChecks.test1Start),
        ("test2Shapes", ECGformerChecks.test2Shapes),
        ("test3Values", ECGformerChecks.test3Values),
        ("test4Gradients", ECGformerChecks.test4Gradients),
        ("test5Learns", ECGformerChecks.test5Learns),
        ("test6Accuracy", ECGformerChecks.test6Accuracy),
      ]),
    ]
  }
}
