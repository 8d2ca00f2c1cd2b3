import Assignment
import WorkerPipe
import Workers

/// What a student's model does that no model of the course does, found with nothing but the
/// student's own code: results that depend on chance, on earlier calls, on other samples, on later
/// steps, or not on the order of the steps, the input or a parameter.
struct BehaviourProbe {
  private let trial: TrialSeries.Trial
  private let results: [PipeTensor]
  /// The right results; nil where they are not known.
  private let expected: [PipeTensor]?
  private var subject: Subject { trial.check.subject }

  /// Looks at results without knowing the right ones.
  init(_ trial: TrialSeries.Trial, _ results: [PipeTensor]) {
    self.trial = trial
    self.results = results
    expected = nil
  }

  /// Looks at results that are wrong.
  init(_ trial: TrialSeries.Trial, _ results: [PipeTensor], expected: [PipeTensor]) {
    self.trial = trial
    self.results = results
    self.expected = expected
  }

  init(_ outcomes: [TrialSeries.Outcome]) {
    // the smallest that is wrong: in many steps a first state is forgotten
    let outcome =
      outcomes.filter { outcome in
        outcome.failure == nil
          && outcome.trial.experiment.input.shape.prefix(2).allSatisfy { $0 > 1 }
          && (try? outcome.requireValues()) == nil
      }.min { $0.observation.size < $1.observation.size } ?? outcomes[0]
    trial = outcome.trial
    results = outcome.observation.results ?? []
    expected = outcome.expected
  }

  /// What was found, in a sentence.
  func sentence() throws -> String? {
    // nothing can be compared with what is not a number
    guard results.allSatisfy({ $0.values.allSatisfy(\.isFinite) }) else {
      return Comparison.notFinite
    }
    // what holds of a subject need not hold of it while it is trained
    let ofTraits =
      trial.experiment.calling.isTraining
      ? []
      : [
        // before the samples: a start that is drawn for each of them does not mix them
        startsElsewhere, mixesSamples, looksAhead, isNotEquivariant, tellsPlacesApart,
        readsOnePlace, ignoresOrder,
      ]
    for probe in [isRandom, keepsState] + ofTraits {
      if let sentence = try probe() { return sentence }
    }
    return nil
  }

  private func again(
    _ experiment: ModelCheck.Experiment, isFirstCall: Bool = false
  ) throws -> [PipeTensor]? {
    do {
      return try trial.check.studentResults(experiment, isFirstCall: isFirstCall)
    } catch let failure as WorkerFailure {
      guard case .threw = failure else { throw failure }
      return nil
    }
  }

  private func differ(_ results: [PipeTensor], from others: [PipeTensor]) -> Bool {
    others.contains { other in
      !Comparison.agree(
        results.first { $0.name == other.name }, other, scale: trial.experiment.scale)
    }
  }

  private func isRandom() throws -> String? {
    guard let repeated = try again(trial.experiment), differ(repeated, from: results) else {
      return nil
    }
    // what is kept in a program begins anew in another one, and chance does not
    func alone() throws -> [PipeTensor]? {
      trial.check.session.endStudentWorker()
      return try again(trial.experiment)
    }
    if let one = try alone(), let other = try alone(), !differ(one, from: other) {
      return
        "the results are not the same twice, but the same in every new program: something is kept from "
        + "one call to the next in a global or static variable. Make it a local variable of the call"
    }
    return "the results are not the same twice: something is drawn at random in every call"
  }

  private func keepsState() throws -> String? {
    guard let first = try again(trial.experiment, isFirstCall: true), differ(first, from: results)
    else { return nil }
    if let expected, !differ(first, from: expected) {
      return
        "the results are right in the first call of a new model and wrong in later ones: something is kept "
        + "in a property from one call to the next, such as a state. Every call begins anew"
    }
    // what is drawn from the generator that the model was made with
    if let one = try? trial.check.studentResults(trial.experiment, seed: 1),
      let other = try? trial.check.studentResults(trial.experiment, seed: 2),
      differ(one, from: other)
    {
      return "the results are not the same twice: something random is left in at evaluation"
    }
    return "the results are not the same twice: something random is left in at evaluation, or a "
      + "state is kept from one call to the next"
  }

  /// A sample alone gives what it gave in the batch: the first one, and the last, as what is handed on from
  /// sample to sample does not reach the first.
  private func mixesSamples() throws -> String? {
    guard subject.traits.contains(.independentSamples),
      let count = trial.experiment.input.shape.first, count > 1
    else { return nil }
    for sample in [0, count - 1] {
      var alone = trial.experiment
      alone.inputs = alone.inputs.map { input in
        subject.axes(of: input.name)?.first == .sample && input.shape.first == count
          ? Self.part(input, sample) : input
      }
      guard let single = try again(alone) else { return nil }
      for result in single {
        guard result.shape.first == 1,
          let whole = results.first(where: { $0.name == result.name }),
          whole.shape.first == count, whole.shape.dropFirst() == result.shape.dropFirst()
        else { return nil }
        if !Comparison.agree(result, Self.part(whole, sample), scale: trial.experiment.scale) {
          return try goesByPlace(sample, result.name)
            ?? "the \(result.name) of a sample depend on the other samples of the batch"
            + (try forgetsItsPast(sample))
        }
      }
    }
    return nil
  }

  /// Where a sample has other results at another place of a batch, and the same ones whatever the other samples are:
  /// the same numbers come in at every call.
  private func goesByPlace(_ sample: Int, _ name: String) throws -> String? {
    let count = trial.experiment.input.shape[0]
    func isOfSamples(_ input: PipeTensor) -> Bool {
      subject.axes(of: input.name)?.first == .sample && input.shape.first == count
    }
    var (changed, repeated) = (trial.experiment, trial.experiment)
    changed.inputs = changed.inputs.map { input in
      guard isOfSamples(input) else { return input }
      let size = input.values.count / count
      return input.changing { index, value in
        index / size == sample ? value : 0.5 - 2 * value
      }
    }
    repeated.inputs = repeated.inputs.map { input in
      guard isOfSamples(input) else { return input }
      let size = input.values.count / count
      return input.elements(
        at: input.values.indices.map { sample * size + $0 % size }, shape: input.shape)
    }
    func result(_ experiment: ModelCheck.Experiment) throws -> PipeTensor? {
      try again(experiment)?.first { $0.name == name && $0.shape.first == count }
    }
    guard let before = results.first(where: { $0.name == name }),
      let after = try result(changed), let alike = try result(repeated),
      after.shape == before.shape,
      Comparison.agree(
        Self.part(after, sample), Self.part(before, sample), scale: trial.experiment.scale),
      (0..<count).contains(where: {
        !Comparison.agree(
          Self.part(alike, $0), Self.part(alike, sample), scale: trial.experiment.scale)
      })
    else { return nil }
    return
      "the \(name) of a sample depend on its place in the batch, and not on the other samples: "
      + "something random is left in at evaluation that is the same at each call, such as the mask of a "
      + "dropout whose seed is fixed"
  }

  /// One sample of a tensor whose first axis are the samples.
  private static func part(_ tensor: PipeTensor, _ sample: Int) -> PipeTensor {
    let size = tensor.values.count / tensor.shape[0]
    return tensor.elements(
      at: Array(sample * size..<(sample + 1) * size), shape: [1] + tensor.shape.dropFirst())
  }

  /// Where nothing of a sample's first step is left in what is given for its later ones: what more there is
  /// to say of a state that depends on other samples.
  private func forgetsItsPast(_ sample: Int) throws -> String {
    let input = trial.experiment.input
    guard let axis = subject.recurrentAxis, let axes = subject.axes(of: input.name),
      let path = TensorAxis(axis, of: axes, input.shape), path.count > 1,
      let place = axes.firstIndex(of: axis)
    else { return "" }
    let size = input.values.count / input.shape[0]
    var changed = trial.experiment
    changed.input = input.changing { index, value in
      index / size == sample && path.place(of: index) == 0 ? value + 1 : value
    }
    guard let others = try again(changed) else { return "" }
    for port in subject.results where port.axes.first == .sample {
      guard let before = results.first(where: { $0.name == port.name }),
        let after = others.first(where: { $0.name == port.name }), after.shape == before.shape,
        before.shape.first == input.shape[0]
      else { return "" }
      func later(_ tensor: PipeTensor) -> PipeTensor {
        let own = Self.part(tensor, sample)
        guard let path = TensorAxis(axis, of: port.axes, own.shape) else { return own }
        return own.elements(at: own.values.indices.filter { path.place(of: $0) > 0 })
      }
      guard Comparison.agree(later(after), later(before), scale: trial.experiment.scale) else {
        return ""
      }
    }
    return ", and not on its own \(axis.noun)s before: the state passes from sample to sample. The "
      + "\(axis.noun)s are axis \(place) of the input"
  }

  /// What is given at a place does not change with the input at the last.
  private func looksAhead() throws -> String? {
    let input = trial.experiment.input
    guard let axis = subject.causalAxis,
      let inputs = TensorAxis(axis, of: subject.axes(of: input.name), input.shape),
      inputs.count > 1
    else { return nil }
    var changed = trial.experiment
    changed.input = input.changing { index, value in
      inputs.place(of: index) == inputs.count - 1 ? value + 1 : value
    }
    for port in subject.results {
      guard let before = results.first(where: { $0.name == port.name }),
        let path = TensorAxis(axis, of: port.axes, before.shape), path.count == inputs.count
      else { continue }
      guard let after = try again(changed)?.first(where: { $0.name == port.name }),
        after.shape == before.shape
      else { return nil }
      func early(_ tensor: PipeTensor) -> PipeTensor {
        tensor.elements(
          at: tensor.values.indices.filter { path.place(of: $0) < path.count - 1 })
      }
      guard Comparison.agree(early(after), early(before)) else {
        return "the \(port.name) of a \(axis.noun) depend on the inputs of later \(axis.noun)s"
      }
    }
    return nil
  }

  /// What is given at a place for inputs that are shifted is what was given at the place before.
  private func isNotEquivariant() throws -> String? {
    for case .equivariant(let axis, let edge) in subject.traits {
      var shifted = trial.experiment
      var isShifted = false
      shifted.inputs = shifted.inputs.map { input in
        guard let path = TensorAxis(axis, of: subject.axes(of: input.name), input.shape) else {
          return input
        }
        isShifted = true
        func source(_ index: Int) -> Int {
          path.place(of: index) > 0
            ? index - path.stride : index + (path.count - 1) * path.stride
        }
        return input.elements(at: input.values.indices.map(source), shape: input.shape)
      }
      guard isShifted, let others = try again(shifted) else { continue }
      for port in subject.results {
        guard let before = results.first(where: { $0.name == port.name }),
          let path = TensorAxis(axis, of: port.axes, before.shape),
          let after = others.first(where: { $0.name == port.name }), after.shape == before.shape
        else { continue }
        let inner = before.values.indices.filter {
          (edge + 1..<max(path.count - edge, edge + 1)).contains(path.place(of: $0))
        }
        guard
          Comparison.agree(
            after.elements(at: inner),
            before.elements(at: inner.map { $0 - path.stride }), scale: trial.experiment.scale)
        else {
          return "the \(axis.noun)s are not treated alike: for inputs that are shifted by one "
            + "\(axis.noun), the \(port.name) are not the same ones shifted"
        }
      }
    }
    return nil
  }

  /// What is given for inputs whose first place has become the last is what was given, in that order.
  private func tellsPlacesApart() throws -> String? {
    for case .exchangeable(let axis) in subject.traits {
      var rotated = trial.experiment
      var isRotated = false
      func rotation(_ path: TensorAxis, _ index: Int) -> Int {
        path.place(of: index) < path.count - 1
          ? index + path.stride : index - (path.count - 1) * path.stride
      }
      rotated.inputs = rotated.inputs.map { input in
        guard let path = TensorAxis(axis, of: subject.axes(of: input.name), input.shape),
          path.count > 1
        else { return input }
        isRotated = true
        return input.elements(
          at: input.values.indices.map { rotation(path, $0) }, shape: input.shape)
      }
      guard isRotated, let others = try again(rotated) else { continue }
      for port in subject.results {
        guard let before = results.first(where: { $0.name == port.name }),
          let path = TensorAxis(axis, of: port.axes, before.shape),
          let after = others.first(where: { $0.name == port.name }), after.shape == before.shape
        else { continue }
        let expected = before.elements(
          at: before.values.indices.map { rotation(path, $0) }, shape: before.shape)
        guard Comparison.agree(after, expected, scale: trial.experiment.scale) else {
          return "the \(axis.noun)s are not treated alike: for inputs in another order of the "
            + "\(axis.noun)s, the \(port.name) are not the same ones in that order"
        }
      }
    }
    return nil
  }

  /// A model of whose input only the first place counts, or only the last. What has no state may give for
  /// each place what follows from it alone.
  private func readsOnePlace() throws -> String? {
    let input = trial.experiment.input
    guard let axis = subject.recurrentAxis ?? subject.orderedAxis,
      let path = TensorAxis(axis, of: subject.axes(of: input.name), input.shape), path.count > 2
    else { return nil }
    /// What is given in the end.
    func last(_ results: [PipeTensor]) -> [PipeTensor] {
      results.compactMap { result in
        guard let path = TensorAxis(axis, of: subject.axes(of: result.name), result.shape) else {
          return result
        }
        guard subject.recurrentAxis != nil else { return nil }
        let end = result.values.indices.filter { path.place(of: $0) == path.count - 1 }
        return result.elements(at: end)
      }
    }
    func matters(_ isChanged: (_ place: Int) -> Bool) throws -> Bool? {
      var changed = trial.experiment
      changed.input = input.changing { index, value in
        isChanged(path.place(of: index)) ? 1 - 2 * value : value
      }
      return try again(changed).map { differ(last($0), from: last(results)) }
    }
    for (only, name) in [(path.count - 1, "last"), (0, "first")] {
      guard try matters({ $0 != only }) == false, try matters({ $0 == only }) == true else {
        continue
      }
      return
        "what is given in the end depends on the \(name) \(axis.noun) alone: nothing of the others is "
        + "carried on to it"
    }
    return nil
  }

  /// A model that gives the same for the places of its input from the last to the first.
  private func ignoresOrder() throws -> String? {
    let input = trial.experiment.input
    guard let axis = subject.orderedAxis,
      let path = TensorAxis(axis, of: subject.axes(of: input.name), input.shape), path.count > 2
    else { return nil }
    let values = input.values
    func isSame(_ change: (_ index: Int, _ place: Int) -> Float) throws -> Bool? {
      var changed = trial.experiment
      changed.input = input.changing { index, _ in change(index, path.place(of: index)) }
      return try again(changed).map { !differ($0, from: results) }
    }
    // the same backwards is not enough: a layer may read in both directions
    guard
      try isSame({ values[$0 + (path.count - 1 - 2 * $1) * path.stride] }) == true,
      try isSame({ $1 > 1 ? values[$0] : values[$0 + (1 - 2 * $1) * path.stride] }) == true,
      let ignoresInput = try isSame({ index, _ in -2 * values[index] })
    else { return nil }
    if ignoresInput { return "the results do not depend on the input" }
    return "the results do not depend on the order of the \(axis.noun)s"
  }

  /// The parameters that change nothing.
  func unusedParameters() throws -> [String] {
    var unused: [String] = []
    let experiment = trial.experiment
    for (index, parameter) in experiment.parameters.enumerated()
    where !subject.inert.contains(String(parameter.name.split(separator: ".").last ?? "")) {
      // while training, a buffer may be written only
      if experiment.calling.isTraining, experiment.match.buffers.contains(parameter.name) {
        continue
      }
      var changed = trial.experiment
      changed.parameters[index] = PipeTensor(
        name: parameter.name, shape: parameter.shape,
        // not the same for all: what is subtracted again would not show
        values: parameter.values.enumerated().map { $1 + [0.5, -0.3, 0.8][$0 % 3] })
      guard let others = try again(changed) else { return [] }
      if !differ(others, from: results) { unused.append(parameter.name) }
    }
    return unused
  }

  /// With one step, nothing that a state is multiplied with can matter.
  private func startsElsewhere() throws -> String? {
    let input = trial.experiment.input
    guard let state = subject.state, let axis = subject.recurrentAxis,
      let axes = subject.axes(of: input.name),
      let path = TensorAxis(axis, of: axes, input.shape), let samples = input.shape.first,
      axes.first == .sample, samples > 0, path.count > 0
    else { return nil }
    var first = trial.experiment
    // the first sample's first step
    let ofSample = input.values.count / samples
    first.input = PipeTensor(
      name: input.name, shape: zip(input.shape, axes).map { $1 == axis || $1 == .sample ? 1 : $0 },
      values: (0..<ofSample).filter { path.place(of: $0) == 0 }.map { input.values[$0] })
    var changed = first
    changed.parameters = changed.parameters.map { parameter in
      parameter.name.hasPrefix(state.parameters)
        ? parameter.mapValues { $0 + 0.5 } : parameter
    }
    guard let before = try again(first), let after = try again(changed) else { return nil }
    return differ(after, from: before) ? state.startsElsewhere : nil
  }
}
