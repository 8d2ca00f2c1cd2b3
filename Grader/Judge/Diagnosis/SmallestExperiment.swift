import Assignment
import WorkerPipe

/// The smallest experiment in which a student's model differs from the reference: few numbers, each
/// with one digit, so that it can be worked out by hand.
struct SmallestExperiment {
  private let series: TrialSeries
  /// More numbers than that are not listed.
  private static let longest = 18

  init(_ series: TrialSeries) { self.series = series }

  /// The experiment in words, with both numbers; nil when the results agree at all sizes.
  ///
  /// - Parameter onlyListed: whether it is nil, too, where the numbers are too many to list.
  func sentence(onlyListed: Bool = false) throws -> String? {
    for size in series.smallest {
      let check = ModelCheck(
        series.session, series.model, size.configuration, aside: "smallest")
      // the reference is asked at every size while it is recorded
      let (experiment, expected) = try experiment(check, size)
      if series.session.isRecording { continue }
      guard let actual = try? check.studentResults(experiment) else { continue }
      for result in expected {
        do {
          try Comparison.require(
            actual.first { $0.name == result.name }, equals: result,
            called: experiment.calling.title(result.name),
            axes: check.subject.axes(of: result.name), followed: check.subject.recurrentAxis)
        } catch {
          guard let difference = error.difference else { continue }
          if onlyListed, !isListed(check, experiment) { return nil }
          return "The smallest experiment that shows it: \(text(check, experiment)): "
            + "\(difference.quantity) is \(difference.yours), expected \(difference.expected)"
        }
      }
    }
    return nil
  }

  private func experiment(
    _ check: ModelCheck, _ size: TrialSeries.Size
  ) throws -> (ModelCheck.Experiment, expected: [PipeTensor]) {
    var numbers = series.session.numbers("\(series.model) \(size.inputShape) smallest")
    func digits(_ tensor: PipeTensor) -> PipeTensor {
      tensor.mapValues { _ in
        Float(numbers.integer(1...9)) / 10 * (numbers.integer(0...1) == 0 ? -1 : 1)
      }
    }
    var experiment = try check.experiments(
      size.inputs, draw: size.draw, calling: size.calling)(&numbers)
    if experiment.parameters.reduce(0, { $0 + $1.values.count }) <= 10 * Self.longest {
      // not any number may stand in a buffer
      experiment.parameters = experiment.parameters.map {
        experiment.match.buffers.contains($0.name) ? $0 : digits($0)
      }
      experiment.inputs = experiment.inputs.map { $0.integers == nil ? digits($0) : $0 }
    }
    return (experiment, try check.referenceResults(experiment))
  }

  /// As in `1 sample, 2 steps, 1 feature, 3 units`.
  static func sizes(_ check: ModelCheck, _ experiment: ModelCheck.Experiment) -> String {
    let (shape, subject) = (experiment.input.shape, check.subject)
    guard let axes = subject.axes(of: experiment.input.name), axes.count == shape.count else {
      return "an input of shape \(shape)"
    }
    let settings = subject.counts.sorted { $0.key < $1.key }.compactMap { setting, noun in
      check.configuration[setting].map { counted($0, noun) }
    }
    return (zip(shape, axes).map { counted($0, $1.noun) } + settings).joined(separator: ", ")
  }

  /// `1 query`, `2 queries`, `2 steps`.
  static func counted(_ number: Int, _ noun: String) -> String {
    guard number != 1 else { return "1 \(noun)" }
    return "\(number) " + (noun.hasSuffix("y") ? "\(noun.dropLast())ies" : noun + "s")
  }

  private func text(_ check: ModelCheck, _ experiment: ModelCheck.Experiment) -> String {
    let text = Self.sizes(check, experiment)
    guard isListed(check, experiment) else { return text }
    let listed = shown(check, experiment)
    let values = listed.map { tensor in
      let numbers = tensor.values.map { "\($0)" }.joined(separator: ", ")
      return "\(tensor.name == "input" ? "X" : tensor.name)="
        + (tensor.values.count == 1 ? numbers : "[\(numbers)]")
    }
    return text + ", " + values.joined(separator: ", ")
  }

  /// The numbers that matter: in one step nothing is multiplied with a state.
  private func shown(
    _ check: ModelCheck, _ experiment: ModelCheck.Experiment
  ) -> [PipeTensor] {
    let subject = check.subject
    let path = subject.recurrentAxis.flatMap {
      TensorAxis($0, of: subject.axes(of: experiment.input.name), experiment.input.shape)
    }
    let unused = path?.count == 1 ? subject.state?.parameters : nil
    return experiment.parameters.filter { parameter in
      unused.map { !parameter.name.hasPrefix($0) } ?? true
    } + experiment.inputs
  }

  private func isListed(_ check: ModelCheck, _ experiment: ModelCheck.Experiment) -> Bool {
    shown(check, experiment).reduce(0) { $0 + $1.values.count } <= Self.longest
  }
}
