import Judge
import WorkerPipe

/// The checks of a subject at the sizes that it is given.
struct SelectionSeries: SubjectSeries {
  typealias Size = TrialSeries.Size

  let session: JudgeSession
  let subject: String
  var title = ""
  /// The experiments.
  let sizes: (inout SeededNumbers) throws -> [Size]
  /// Sizes from the smallest on, to show a mistake at.
  var smallest: [Size] = []
  /// The course's.
  let usual: Size

  func series(_ quantity: Quantity, _ numbers: inout SeededNumbers) throws -> TrialSeries {
    try TrialSeries(
      session, subject, sizes: try sizes(&numbers), smallest: smallest, usual: usual,
      numbers: &numbers)
  }
}

extension TrialSeries.Size {
  /// An experiment with inputs that are given, of what has no parameters. It is called on these alone: with the other sign
  /// a space has no points, and a score of NaN may be the largest.
  static func given(_ inputs: [PipeTensor], _ sizes: [String: Int] = [:]) -> Self {
    .init(
      sizes, inputs: inputs.map { InputShape($0.name, $0.shape) },
      draw: .ordinary { _, _, _ in ([], inputs) }
    ).called(.init(isOnce: true))
  }
}

extension PipeTensor {
  /// A list of numbers.
  init(_ name: String, _ values: [Float]) {
    self.init(name: name, shape: [values.count], values: values)
  }

  /// A list of integers.
  init(_ name: String, integers: [Int]) {
    self.init(name: name, shape: [integers.count], integers: integers.map { Int32(clamping: $0) })
  }
}

extension SeededNumbers {
  /// Numbers of a range.
  mutating func numbers(_ count: Int, _ range: ClosedRange<Float>) -> [Float] {
    (0..<count).map { _ in number(range) }
  }

  /// Integers of a range.
  mutating func integers(_ count: Int, _ range: ClosedRange<Int>) -> [Int] {
    (0..<count).map { _ in integer(range) }
  }
}
