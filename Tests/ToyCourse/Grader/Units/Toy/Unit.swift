import Judge
import XCTest

/// Two functions and a network, small enough to be compiled in a second: a unit that stands in for those
/// of the course wherever a test is about the system.
public enum ToyUnit: CourseUnit {
  /// Its subjects and its mistakes.
  public static let facts = UnitFacts(
    name: "Toy",
    subjects: [
      Subject(
        "movingSums", inputs: [Port("signal", [.step]), Port("width", [.unnamed])],
        results: [Port("sums", [.step])]),
      Subject(
        "weightedMeans", inputs: [Port("X", [.sample, .step]), Port("weights", [.sample])],
        results: [Port("means", [.sample])], traits: [.independentSamples]),
      Subject(
        "ThreeClassNet", inputs: [Port("input", [.sample, .step, .feature])],
        results: [Port("logits", [.sample, .label])], traits: [.independentSamples]),
    ],
    mistakes: VariantBook(["weightedMeans": WeightedMeansVariant.self]))

  /// The checks of all tasks.
  public static var checks: [XCTestCaseEntry] {
    [
      testCase([
        ("test1Sums", ToyChecks.test1Sums), ("test2Shapes", ToyChecks.test2Shapes),
        ("test2Values", ToyChecks.test2Values), ("test2Gradients", ToyChecks.test2Gradients),
        ("test3Values", ToyChecks.test3Values), ("test3Learns", ToyChecks.test3Learns),
      ])
    ]
  }
}
