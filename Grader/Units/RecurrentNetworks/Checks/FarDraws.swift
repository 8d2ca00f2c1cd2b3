import Judge
import WorkerPipe

/// The numbers that bring this unit's models to the task's own length and to the ends of what each of
/// their inner quantities can be. `PowerTests` measures what shows there.
enum FarDraws {
  // MARK: - All the way back

  /// An RNN whose first step still matters in the fortieth: inputs of 0.05 keep tanh where its slope is
  /// near 1, and the recurrent matrix, normal with the variance 1 / units, has a spectral radius of
  /// about 1 (the circular law). So the gradient of a final number goes back through all steps.
  static let rnnMemory = Draw(
    to:
      "in forty steps of 17 features with 128 units, where the first step still matters at the end"
  ) { parameters, inputs, numbers in
    let drawn = parameters.map { parameter in
      numbers.normal(
        parameter.name, parameter.shape,
        standardDeviation: parameter.name == "b_h" ? 0.02 : Draw.usualDeviation(parameter))
    }
    return (drawn, [numbers.normal("input", inputs[0].shape, standardDeviation: 0.05)])
  }

  /// An LSTM, alone or in a network, whose first step still matters in the fortieth: the forget gate is
  /// near 0.993, so that three quarters of a cell state are left after forty steps, and the input gate
  /// near 0.2, so that tanh(C) keeps its slope.
  static let lstmMemory = Draw(
    to:
      "in forty steps of 17 features with 128 units, where the first step still matters at the end"
  ) { parameters, inputs, numbers in
    let biases: [Gate: Float] = [.input: -1.5, .forget: 5, .output: 1, .node: 0]
    let drawn = lstm(parameters, &numbers) { part, gate, shape, numbers in
      switch part {
      case .input, .recurrent:
        numbers.normal("", shape, standardDeviation: 0.5 / Float(shape[0]).squareRoot()).values
      case .bias:
        numbers.normal("", shape, standardDeviation: gate == .node ? 0.1 : 0.5).values
          .map { $0 + biases[gate, default: 0] }
      }
    }
    return (drawn, [numbers.normal("input", inputs[0].shape)])
  }

  // MARK: - Far ends

  /// The units of `lstmEnds`, and what each of them is brought to.
  static let endUnits = 8

  /// An LSTM each of whose units has its gates at other ends for forty steps, with an input of zeros in
  /// the first sample, and in the others a first feature that is 1 for one half of the steps and −1 for
  /// the other:
  ///
  /// | unit | I | F | C̃ | O | so that |
  /// |---|---|---|---|---|---|
  /// | 0 | 1 | 1 | 1 | 1 | C goes to 40, H to 1 |
  /// | 1 | 1 | 1 | −1 | middle | C goes to −40 |
  /// | 2 | 1 | 1 | 1, then −1 | middle | C goes to ±20 and back to 0 |
  /// | 3 | 1 | 0 | middle | middle | C is C̃ |
  /// | 4 | 0 | 1 | middle | middle | C stays near 0 |
  /// | 5 | middle | middle | middle | 0 | H stays near 0 |
  /// | 6 | middle | 0.7 | middle | 1 | H is tanh(C) |
  /// | 7 | middle | 0.3 | middle | middle | C forgets |
  ///
  /// 1 and 0 are σ(±8) = 0.9997 and 0.0003: gradients come through.
  static let lstmEnds = Draw(
    to: "where gates stay near 0 and 1 for forty steps, so that C reaches ±40"
  ) { parameters, inputs, numbers in
    let biases: [Gate: [Float]] = [
      .input: [8, 8, 8, 8, -8, 0, 0, 0], .forget: [8, 8, 8, -8, 8, 0, 1, -1],
      .output: [8, 0, 0, 0, 0, -8, 8, 0], .node: [4, -4, 0, 0, 0, 0, 0, 0],
    ]
    let drawn = lstm(parameters, &numbers) { part, gate, shape, numbers in
      let small = numbers.normal("", shape, standardDeviation: part == .input ? 0.3 : 0.1).values
      switch part {
      case .bias: return zip(small, biases[gate] ?? []).map { $0 + $1 }
      case .recurrent: return small
      case .input:
        // the first feature drives the input node of unit 2
        return small.enumerated().map { gate == .node && $0.offset == 2 ? 4 : $0.element }
      }
    }
    let shape = inputs[0].shape
    let (steps, features) = (shape[1], shape[2])
    let noise = numbers.normal("input", shape)
    let input = noise.values.enumerated().map { index, value -> Float in
      let (sample, step) = (index / (steps * features), index / features % steps)
      guard sample > 0 else { return 0 }
      guard index % features == 0 else { return value }
      return (step < steps / 2) == (sample % 2 == 1) ? 1 : -1
    }
    return (drawn, [PipeTensor(name: "input", shape: shape, values: input)])
  }

  /// Ordinary parameters, an input of zeros in the first sample, and in the others numbers of a certain
  /// size with either sign: pre-activations of that size, where σ and tanh are 0, 1 or ±1, ReLU passes
  /// large numbers on, and an exponential overflows.
  ///
  /// - Parameters:
  ///   - size: how large. 100 for values; gradients come through an own σ or tanh, made of exponentials,
  ///     only to about 40, and it is no mistake to write them so.
  ///   - logitReach: how large logits become.
  static func largeInputs(_ size: Float, logitReach: Float = 2) -> Draw {
    Draw(to: "for inputs of 0 and ±\(Comparison.number(size))", logitReach: logitReach) {
      parameters, inputs, numbers in
      let shape = inputs[0].shape
      let ordinary = Draw.ordinary.numbers(parameters, inputs, &numbers)
      let perSample = shape.dropFirst().reduce(1, *)
      let input = ordinary.inputs[0].values.enumerated().map { index, value -> Float in
        index < perSample ? 0 : value < 0 ? -size : size
      }
      return (ordinary.parameters, [PipeTensor(name: "input", shape: shape, values: input)])
    }
  }

  // MARK: - The parts of an LSTM

  private enum Gate: String, CaseIterable {
    case input = "i", forget = "f", output = "o", node = "c"
  }
  private enum Part { case input, recurrent, bias }

  /// Draws the parameters of an LSTM gate by gate, whether each gate has tensors of its own (`W_xi`) or
  /// all stand side by side in the order of `Gate` (`W_x`), and others as ordinary ones are drawn.
  ///
  /// - Parameter draw: one gate's part: `[inputs, units]`, or `[units]` of a bias.
  private static func lstm(
    _ parameters: [PipeTensor], _ numbers: inout SeededNumbers,
    _ draw: (Part, Gate, _ shape: [Int], inout SeededNumbers) -> [Float]
  ) -> [PipeTensor] {
    parameters.map { parameter in
      let name = parameter.name.split(separator: ".").last.map(String.init) ?? ""
      let parts: [(prefix: String, part: Part)] = [("W_x", .input), ("W_h", .recurrent)]
      guard
        let part = parts.first(where: { name.hasPrefix($0.prefix) })?.part
          ?? (name == "b" || name.hasPrefix("b_") ? .bias : nil)
      else {
        return numbers.normal(
          parameter.name, parameter.shape, standardDeviation: Draw.usualDeviation(parameter))
      }
      var shape = parameter.shape
      if let gate = Gate(rawValue: String(name.suffix(1))) {
        return PipeTensor(
          name: parameter.name, shape: shape, values: draw(part, gate, shape, &numbers))
      }
      shape[shape.count - 1] /= 4
      let gates = Gate.allCases.map { draw(part, $0, shape, &numbers) }
      let units = shape[shape.count - 1]
      let rows = shape.count == 2 ? shape[0] : 1
      return PipeTensor(
        name: parameter.name, shape: parameter.shape,
        values: (0..<rows).flatMap { row in
          gates.flatMap { $0[row * units..<(row + 1) * units] }
        })
    }
  }
}
