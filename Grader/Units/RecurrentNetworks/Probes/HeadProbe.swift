import Judge
import WorkerPipe

/// Finds the first part of a network on a recurrent layer that is wrong, with the student's network
/// as a black box: simple weights of the two linear layers bring one number after the other into the
/// logits.
struct HeadProbe {
  /// The numbers of the linear layers, and what the recurrent layer is to do.
  struct Question {
    /// Weight `[units, units]` and bias of the first layer, weight `[units, 1]` and bias of the last.
    var firstWeight, firstBias, lastWeight, lastBias: [Float]
    /// Whether all parameters of the recurrent layer are 0, so that its states are.
    var hasZeroState: Bool
    /// The steps of the input.
    var steps: Int

    /// An experiment's parameters with these numbers; the linear layers' are the last four.
    func replacing(_ parameters: [PipeTensor]) -> [PipeTensor] {
      let layer = parameters.dropLast(4).map { tensor in
        hasZeroState ? tensor.mapValues { _ in 0 } : tensor
      }
      return layer
        + zip(parameters.suffix(4), [firstWeight, firstBias, lastWeight, lastBias]).map {
          PipeTensor(name: $0.name, shape: $0.shape, values: $1)
        }
    }
  }

  /// Units of the recurrent layer.
  let units: Int
  /// The numbers of steps to read.
  let steps: [Int]
  /// The student's logits and the right ones; nil when there is nothing to compare, or the question
  /// is only recorded.
  let ask: (Question) throws -> (yours: [Float], expected: [Float])?

  /// The part, its place and both numbers; nil when all is right with simple weights.
  func sentence() throws -> String? {
    let zeros = [Float](repeating: 0, count: units)
    let identity = (0..<units * units).map { Float($0 / units == $0 % units ? 1 : 0) }
    func unit(_ index: Int) -> [Float] { (0..<units).map { $0 == index ? 1 : 0 } }
    var question = Question(
      firstWeight: identity.map { _ in 0 }, firstBias: zeros, lastWeight: zeros, lastBias: [-0.5],
      hasZeroState: true, steps: steps[0])
    if let found = try wrong(question, in: "the logit, even where the last layer's weights are 0") {
      return found
    }
    question.lastBias = [0]
    question.firstBias = (0..<units).map { [0.5, -0.5, 0.8][$0 % 3] }
    for index in 0..<units {
      question.lastWeight = unit(index)
      if let found = try wrong(
        question, in: "the hidden layer ReLU(H W + b), even where W is 0", unit: index)
      {
        return found
      }
    }
    question.firstWeight = identity
    question.hasZeroState = false
    // 10 keeps ReLU out of it
    question.firstBias = zeros.map { _ in 10 }
    question.lastBias = [-10]
    for count in steps {
      question.steps = count
      for index in 0..<units {
        question.lastWeight = unit(index)
        if let found = try wrong(
          question,
          in: "what the first linear layer gets in place of the final H of \(count) "
            + "step\(count == 1 ? "" : "s")", unit: index)
        {
          return found
        }
      }
    }
    return nil
  }

  private func wrong(_ question: Question, in part: String, unit: Int? = nil) throws -> String? {
    guard let (yours, expected) = try ask(question), yours.count == expected.count else {
      return nil
    }
    for sample in yours.indices where !(abs(yours[sample] - expected[sample]) <= 1e-4) {
      return "The first tensor that is wrong is \(part): [sample \(sample)"
        + (unit.map { ", unit \($0)" } ?? "")
        + "] is \(Comparison.number(yours[sample])), expected "
        + Comparison.number(expected[sample])
    }
    return nil
  }
}

extension HeadProbe {
  /// A probe of a network whose right logits are the reference's.
  init(_ series: TrialSeries) {
    self.init(units: 3, steps: [1, 3]) { question in
      let check = series.check(["binCount": 2, "hiddenSize": 3], aside: "head")
      var numbers = series.numbers("head of \(check.model)")
      var experiment = try check.experiment(inputShape: [2, question.steps, 2], &numbers)
      experiment.parameters = question.replacing(experiment.parameters)
      let expected = try check.referenceResults(experiment).first { $0.name == "logits" }
      guard !series.isRecording, let expected,
        let yours = try? check.studentResults(experiment).first(where: { $0.name == "logits" })
      else { return nil }
      return (yours.values, expected.values)
    }
  }
}
