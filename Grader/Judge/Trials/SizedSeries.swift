import WorkerPipe

/// The checks of a subject at the sizes that it is given.
package struct SizedSeries: SubjectSeries {
  package typealias Size = TrialSeries.Size

  package let session: JudgeSession
  package let subject: String
  package let title: String
  private let sizes: (inout SeededNumbers) throws -> [Size]
  private let smallest: [Size]
  private let usual: Size

  /// Describes the checks.
  ///
  /// - Parameters:
  ///   - title: of several checks of a kind.
  ///   - sizes: the experiments; some may be drawn.
  ///   - smallest: sizes from the smallest on, to show a mistake at.
  ///   - usual: the course's.
  package init(
    session: JudgeSession, subject: String, title: String = "",
    sizes: @escaping (inout SeededNumbers) throws -> [Size], smallest: [Size] = [], usual: Size
  ) {
    self.session = session
    self.subject = subject
    self.title = title
    self.sizes = sizes
    self.smallest = smallest
    self.usual = usual
  }

  /// The experiments of a check.
  package func series(
    _ quantity: Quantity, _ numbers: inout SeededNumbers
  ) throws -> TrialSeries {
    let sizes = try sizes(&numbers)
    return try TrialSeries(
      session, subject,
      // any numbers show a shape
      sizes: quantity == .shapes ? sizes.filter { !$0.isFar } : sizes, smallest: smallest,
      usual: usual, numbers: &numbers)
  }
}

extension TrialSeries.Size {
  /// An experiment with inputs that are given, of what has no parameters. It is called on these alone: with the other sign
  /// they may be no case of the task.
  package static func given(_ inputs: [PipeTensor], _ sizes: [String: Int] = [:]) -> Self {
    .init(
      sizes, inputs: inputs.map { InputShape($0.name, $0.shape) },
      draw: .ordinary { _, _, _ in ([], inputs) }
    ).called(.init(isOnce: true))
  }
}

extension PipeTensor {
  /// A list of numbers.
  package init(_ name: String, _ values: [Float]) {
    self.init(name: name, shape: [values.count], values: values)
  }

  /// A list of integers.
  package init(_ name: String, integers: [Int]) {
    self.init(name: name, shape: [integers.count], integers: integers.map { Int32(clamping: $0) })
  }
}
