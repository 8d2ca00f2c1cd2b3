import Examples
import Judge
import WorkerPipe

/// The checks of the three tasks.
final class ToyChecks: CheckCase {
  override class var facts: UnitFacts? { ToyUnit.facts }

  /// Asks a subject at some sizes, one of which is drawn.
  private func check(
    _ subject: String, _ method: String = #function, size: (Int, Int) -> TrialSeries.Size,
    _ require: (TrialSeries, inout SeededNumbers) throws -> Void
  ) throws {
    try check(method) { session in
      var numbers = session.numbers(method)
      let drawn = size(numbers.integer(5...9), numbers.integer(2...9))
      let series = try TrialSeries(
        session, subject, sizes: [size(3, 5), size(4, 4), size(1, 1), drawn],
        smallest: [size(1, 1), size(2, 1), size(2, 2)], usual: size(10, 40), numbers: &numbers)
      try require(series, &numbers)
    }
  }

  private static func sums(_ steps: Int, _ width: Int) -> TrialSeries.Size {
    let width = InputShape("width", [1], .integers(1...width))
    return .init([:], inputs: [InputShape("signal", [steps], .integers(-9...9)), width])
  }
  private static func means(_ samples: Int, _ steps: Int) -> TrialSeries.Size {
    .init([:], inputs: [InputShape("X", [samples, steps]), InputShape("weights", [samples])])
  }

  func test1Sums() throws {
    try check("movingSums", size: Self.sums) { series, _ in try series.requireValues() }
  }
  func test2Shapes() throws {
    try check("weightedMeans", size: Self.means) { series, _ in try series.requireShapes() }
  }
  func test2Values() throws {
    try check("weightedMeans", size: Self.means) { series, _ in try series.requireValues() }
  }
  func test2Gradients() throws {
    try check("weightedMeans", size: Self.means) { try $0.requireGradients(&$1) }
  }
  func test3Values() throws {
    try check("ThreeClassNet") {
      .init(["featureCount": 2], input: [$0, $1, 2])
    } _: { series, _ in
      try series.requireValues()
    }
  }

  /// Two examples of each class, which the largest feature tells.
  func test3Learns() throws {
    try check { session in
      var numbers = session.numbers("learning")
      let rows = numbers.normal("rows", [6, 3]).values.enumerated().map { place, number in
        number / 4 + (place % 3 == place / 3 % 3 ? 3 : 0)
      }
      let batch = ExampleSet(
        [.init(Table(rows, rowShape: [3]), firstRows: Array(0..<6), extent: .window(1))],
        targets: .classes([0, 1, 2, 0, 1, 2], count: 3))
      let accuracy = try session.learnBatch(
        "ThreeClassNet", batch, configuration: ["featureCount": 3], steps: 200, learningRate: 0.1,
        isRight: session.hasPassed("net.values"))
      guard accuracy == 1 else { throw CheckFailure("the network does not learn six examples") }
    }
  }
}
