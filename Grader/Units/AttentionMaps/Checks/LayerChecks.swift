import Judge
import WorkerPipe

/// Task 8.4b: the dilated convolution.
final class DilatedConvolutionChecks: AttentionMapsCase {
  private static func configuration(
    _ inputs: Int, _ outputs: Int, _ kernel: Int, _ dilation: Int, isCausal: Bool = false
  ) -> [String: Int] {
    [
      "inChannels": inputs, "outChannels": outputs, "kernelSize": kernel, "dilation": dilation,
      "isCausal": isCausal ? 1 : 0,
    ]
  }

  private static func size(
    _ samples: Int, _ inputs: Int, _ steps: Int, _ outputs: Int, _ kernel: Int, _ dilation: Int,
    isCausal: Bool = false, _ draw: Draw = MapDraws.ordinary
  ) -> TrialSeries.Size {
    .init(
      configuration(inputs, outputs, kernel, dilation, isCausal: isCausal),
      input: [samples, inputs, steps], draw: draw)
  }

  static func series(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "DilatedConvolution",
      sizes: { numbers in
        let sizes = [false, true].flatMap { isCausal in
          [
            size(3, 4, 19, 5, 3, 1, isCausal: isCausal),
            size(2, 3, 23, 4, 3, 4, isCausal: isCausal),
            size(1, 1, 9, 1, 1, 1, isCausal: isCausal), size(2, 2, 17, 3, 3, 8, isCausal: isCausal),
            // only one tap hits anything
            size(2, 2, 5, 3, 3, 8, isCausal: isCausal), size(2, 3, 20, 2, 2, 3, isCausal: isCausal),
            size(2, 3, 20, 2, 4, 2, isCausal: isCausal),
            // as many outputs as inputs as taps: where axes are exchanged no shape says so
            size(2, 3, 11, 3, 3, 2, isCausal: isCausal),
          ]
        }
        let (samples, inputs, outputs) = (
          numbers.integer(2...4), numbers.integer(2...5), numbers.integer(2...5)
        )
        let (steps, kernel, dilation) = (
          numbers.integer(9...24), numbers.integer(2...5), numbers.integer(2...5)
        )
        let isCausal = numbers.integer(0...1) == 1
        return sizes + [
          size(
            samples, inputs, steps, outputs, kernel, dilation, isCausal: isCausal,
            .afterCalls(
              numbers.integer(3...9),
              "for an input [\(samples), \(inputs), \(steps)] and \(kernel) taps with dilation \(dilation)"
                + (isCausal ? ", causal" : ""), MapDraws.numbers))
        ]
      },
      smallest: [
        size(1, 1, 1, 1, 1, 1), size(1, 1, 3, 1, 2, 1), size(1, 1, 3, 1, 3, 1),
        size(1, 1, 5, 1, 3, 2), size(1, 1, 4, 1, 2, 1, isCausal: true), size(1, 2, 5, 2, 3, 2),
      ], usual: size(32, 24, 750, 24, 3, 4))
  }

  func test1Parameters() throws {
    try check {
      try Self.series($0).requireParameters([
        Self.configuration(24, 24, 3, 4), Self.configuration(3, 5, 2, 1),
        Self.configuration(1, 1, 1, 1),
      ])
    }
  }

  func test1Start() throws {
    try check { session in
      var numbers = session.numbers("DilatedConvolution start")
      try Self.series(session).requireStart([
        Self.configuration(24, 24, 3, 4),
        Self.configuration(numbers.integer(10...30), numbers.integer(30...50), 5, 2),
      ]) { _, inputs in .normal(standardDeviation: (2 / Double(inputs)).squareRoot()) }
    }
  }

  func test2Shapes() throws {
    try check { session in
      let series = Self.series(session)
      try series.requireShapes()
      for (kernel, dilation) in [(0, 2), (3, 0)] {
        try series.requireRefusal(
          [[min(kernel, dilation)]], of: "a kernel of \(kernel) taps with dilation \(dilation)"
        ) {
          _ = try session.askStudent(
            .parameters(),
            about: .init("DilatedConvolution", sizes: Self.configuration(1, 1, kernel, dilation)))
        }
      }
    }
  }

  func test3Values() throws { try check { try Self.series($0).requireValues() } }
  func test4Gradients() throws { try check { try Self.series($0).requireGradients() } }
}

/// Task 8.5: batch normalisation.
final class BatchNormalisationChecks: AttentionMapsCase {
  private static func size(
    _ samples: Int, _ channels: Int, _ steps: Int,
    _ draw: Draw = .ordinary(MapDraws.channels)
  ) -> TrialSeries.Size {
    .init(["channels": channels], input: [samples, channels, steps], draw: draw)
  }

  private static func drawn(_ numbers: inout SeededNumbers) -> TrialSeries.Size {
    let (samples, channels, steps) = (
      numbers.integer(2...4), numbers.integer(2...5), numbers.integer(2...4)
    )
    return size(
      samples, channels, steps,
      .afterCalls(
        numbers.integer(3...9), "for an input [\(samples), \(channels), \(steps)]",
        MapDraws.channels))
  }

  static func evaluation(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "BatchNormalisation", title: "evaluation",
      sizes: { numbers in
        [size(2, 4, 3), size(5, 3, 4), size(1, 2, 1), size(1, 1, 6), drawn(&numbers)]
      }, smallest: [size(1, 1, 1), size(1, 2, 1), size(2, 1, 2)], usual: size(32, 24, 750))
  }

  /// With six numbers for each channel m − 1 shows.
  static func training(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "BatchNormalisation", title: "training",
      sizes: { numbers in
        let sizes = [size(2, 4, 3), size(5, 3, 4), size(1, 2, 6), size(3, 1, 2), drawn(&numbers)]
        return sizes.map { $0.called(.init(isTraining: true)) }
      }, smallest: [size(1, 1, 2), size(2, 1, 2)].map { $0.called(.init(isTraining: true)) },
      usual: size(32, 24, 750))
  }

  /// The buffers after one and three batches, of which no two have the same size, and after evaluations.
  static func state(_ session: JudgeSession) -> SizedSeries {
    func batches(_ channels: Int, _ sizes: [(samples: Int, steps: Int)]) -> [[InputShape]] {
      sizes.map { [InputShape("input", [$0.samples, channels, $0.steps])] }
    }
    return SizedSeries(
      session: session, subject: "BatchNormalisation", title: "state",
      sizes: { _ in
        [
          size(2, 4, 3).called(.init(isTraining: true, comparesState: true)),
          size(3, 3, 2).called(
            .init(isTraining: true, batches: batches(3, [(2, 4), (1, 6)]), comparesState: true)),
          size(2, 3, 2).called(.init(comparesState: true)),
          size(2, 2, 2).called(.init(batches: batches(2, [(2, 3), (4, 2)]), comparesState: true)),
          // a size of 1
          size(1, 1, 6).called(.init(isTraining: true, comparesState: true)),
        ]
      },
      smallest: [size(1, 1, 2).called(.init(isTraining: true, comparesState: true))],
      usual: size(32, 24, 750))
  }

  func test1Parameters() throws {
    try check {
      try Self.evaluation($0).requireParameters([
        ["channels": 24], ["channels": 5], ["channels": 1],
      ])
    }
  }

  func test1Start() throws {
    try check { session in
      var numbers = session.numbers("BatchNormalisation start")
      try Self.evaluation(session).requireStart([
        ["channels": 24], ["channels": numbers.integer(2...40)],
      ]) { name, _ in .constant(["gamma", "variance"].contains(name) ? 1 : 0) }
    }
  }

  func test2Shapes() throws {
    try check { session in
      try Self.evaluation(session).requireShapes()
      try Self.training(session).requireShapes()
      try Self.training(session).requireRefusal(
        [], of: "a batch with one number for each channel, while training"
      ) {
        _ = try session.askStudent(
          .forward(.init(isFirst: true, isTraining: true)),
          about: .init("BatchNormalisation", sizes: ["channels": 2]),
          [PipeTensor(name: "input", shape: [1, 2, 1], values: [1, 2])])
      }
    }
  }

  func test3Training() throws { try check { try Self.training($0).requireValues() } }
  func test3Evaluation() throws { try check { try Self.evaluation($0).requireValues() } }
  func test3State() throws { try check { try Self.state($0).requireValues() } }
  func test4Training() throws { try check { try Self.training($0).requireGradients() } }
  func test4Evaluation() throws { try check { try Self.evaluation($0).requireGradients() } }
}

/// Task 8.6: the residual block. Its parts' numbers are those of other tasks.
final class ResidualBlockChecks: AttentionMapsCase {
  private static func configuration(_ channels: Int, _ dilation: Int) -> [String: Int] {
    ["channels": channels, "dilation": dilation]
  }

  private static func size(
    _ samples: Int, _ channels: Int, _ steps: Int, _ dilation: Int,
    _ draw: Draw = MapDraws.ordinary
  ) -> TrialSeries.Size {
    .init(
      configuration(channels, dilation), input: [samples, channels, steps], draw: draw)
  }

  static func series(_ session: JudgeSession, isTraining: Bool) -> SizedSeries {
    func called(_ sizes: [TrialSeries.Size]) -> [TrialSeries.Size] {
      sizes.map { $0.called(.init(isTraining: isTraining)) }
    }
    return SizedSeries(
      session: session, subject: "ResidualBlock", title: isTraining ? "training" : "evaluation",
      sizes: { numbers in
        let (samples, channels, steps) = (
          numbers.integer(2...4), numbers.integer(2...5), numbers.integer(7...19)
        )
        let dilation = numbers.integer(2...5)
        return called([
          size(2, 3, 17, 1), size(3, 4, 19, 4), size(1, 2, 9, 8), size(2, 1, 8, 2),
          size(
            samples, channels, steps, dilation,
            .afterCalls(
              numbers.integer(3...9),
              "for an input [\(samples), \(channels), \(steps)] with dilation \(dilation)",
              MapDraws.numbers)),
        ])
      },
      smallest: called([size(1, 1, 2, 1), size(1, 1, 4, 1), size(1, 1, 6, 2), size(1, 2, 6, 2)]),
      usual: size(32, 24, 750, 4))
  }

  func test1Parameters() throws {
    try check {
      try Self.series($0, isTraining: false).requireParameters([
        Self.configuration(24, 4), Self.configuration(3, 1), Self.configuration(1, 2),
      ])
    }
  }

  func test2Shapes() throws {
    try check { try Self.series($0, isTraining: false).requireShapes() }
  }
  func test3Evaluation() throws {
    try check { try Self.series($0, isTraining: false).requireValues() }
  }
  func test3Training() throws {
    try check { try Self.series($0, isTraining: true).requireValues() }
  }
  func test4Gradients() throws {
    try check { session in
      try Self.series(session, isTraining: true).requireGradients()
      try Self.series(session, isTraining: false).requireGradients()
    }
  }
}
