/// Something that a student writes and a worker can be asked for, as far as it is known without its
/// numbers: what its inputs and results are called, what their axes are, what is true of it.
public struct Subject: Sendable {
  /// Its name in the catalogue.
  public let name: String
  /// The inputs, in the order of the equations.
  public let inputs: [Port]
  /// The results.
  public let results: [Port]
  /// What is true of it, so that a probe can look for the opposite.
  public let traits: Set<Trait>
  /// Settings that are spoken of as counts, as in `3 units`: setting → the noun.
  public let counts: [String: String]
  /// Parameters that no result depends on, by the last part of their names: that they change nothing is no
  /// finding.
  public let inert: Set<String>

  /// Describes a subject.
  public init(
    _ name: String, inputs: [Port], results: [Port], traits: Set<Trait> = [],
    counts: [String: String] = [:], inert: Set<String> = []
  ) {
    self.name = name
    self.inputs = inputs
    self.results = results
    self.traits = traits
    self.counts = counts
    self.inert = inert
  }

  /// The axes of an input or a result; nil where nothing is known of it.
  func axes(of name: String) -> [Axis]? { (inputs + results).first { $0.name == name }?.axes }

  /// How far the numbers of a result may be off (`Port.tolerance`).
  func tolerance(of name: String) -> Float {
    results.first { $0.name == name }?.tolerance ?? Comparison.tolerance
  }

  /// The state that it carries along an axis, if it does.
  var state: State? {
    traits.lazy.compactMap { if case .recurrent(_, let state) = $0 { state } else { nil } }.first
  }

  /// Whether what it gives while training is another thing than at evaluation.
  var dependsOnMode: Bool { traits.contains(.dependsOnMode) }

  /// Whether it draws from the generator that it is given.
  var draws: Bool { traits.contains(.draws) }

  /// The axis that it reads one place after the other, if it does.
  var recurrentAxis: Axis? {
    traits.lazy.compactMap { if case .recurrent(let axis, _) = $0 { axis } else { nil } }.first
  }

  /// The axis that the sequence lies along of which it must not look ahead, if there is one.
  var causalAxis: Axis? {
    traits.lazy.compactMap { if case .causal(let axis) = $0 { axis } else { nil } }.first
  }

  /// The axis whose order must matter, if there is one.
  var orderedAxis: Axis? {
    traits.lazy.compactMap { if case .ordered(let axis) = $0 { axis } else { nil } }.first
  }
}

/// A named input or result.
public struct Port: Sendable, Hashable {
  /// Its name on the pipe.
  public let name: String
  /// What its axes are, from the first to the last.
  public let axes: [Axis]
  /// How far a number of a result may be from the right one, relative to the largest right one.
  public let tolerance: Float

  /// Names an input or a result.
  ///
  /// - Parameter tolerance: less than the usual where a result is no long sum in single precision, as of figures that are
  ///   computed in double precision; no less than 1e-6, since what comes over the pipe is a float.
  public init(_ name: String, _ axes: [Axis], tolerance: Float = Comparison.tolerance) {
    self.name = name
    self.axes = axes
    self.tolerance = max(tolerance, 1e-6)
  }
}

/// What an axis counts.
public struct Axis: Sendable, Hashable {
  /// The noun, as in `at [sample 1, unit 3]`; empty for an axis whose index says enough, as in `at [3]`.
  public let noun: String

  /// Names an axis.
  public init(_ noun: String) { self.noun = noun }

  /// Examples of a batch.
  public static let sample = Axis("sample")
  /// Places of a sequence.
  public static let step = Axis("step")
  /// Numbers at each step of an input.
  public static let feature = Axis("feature")
  /// Numbers of a hidden layer.
  public static let unit = Axis("unit")
  /// Classes that are told apart, as of logits.
  public static let label = Axis("class")
  /// One whose index says enough.
  public static let unnamed = Axis("")
}

/// What is true of a subject.
public enum Trait: Sendable, Hashable {
  /// What it gives for a sample does not depend on the other samples of a batch; at evaluation, if it depends on the
  /// mode.
  case independentSamples
  /// What it gives while training is another thing than at evaluation, as with batch normalisation. Nothing is
  /// concluded from a difference: each mode is asked for by itself (`Calling`).
  case dependsOnMode
  /// What it gives at a place along the axis does not depend on later places.
  case causal(along: Axis)
  /// A shift of its inputs along the axis shifts its results alike, but for so many places at both ends.
  case equivariant(along: Axis, edge: Int)
  /// It treats the places along the axis alike: its inputs in another order give its results in that order.
  case exchangeable(along: Axis)
  /// It draws from the generator that it is given: by the same seed it gives the same.
  case draws
  /// What it gives in the end depends on the order along the axis, and on more than one place of it.
  case ordered(along: Axis)
  /// It goes along the axis and carries a state that begins with zeros.
  case recurrent(along: Axis, State)
}

/// What a recurrent layer carries from step to step.
public struct State: Sendable, Hashable {
  /// What the names of the parameters that are multiplied with it begin with.
  public let parameters: String
  /// Its letter.
  public let letter: String
  /// What is said where those parameters matter in the first step.
  public let startsElsewhere: String

  /// Describes a state.
  public init(parameters: String, letter: String, startsElsewhere: String) {
    self.parameters = parameters
    self.letter = letter
    self.startsElsewhere = startsElsewhere
  }
}
