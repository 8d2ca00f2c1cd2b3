import Judge
import TensorCore
import WorkerPipe

// Known mistakes: each recomputes the student's results with the mistake in it, here in the judge.
// Numbers that agree name the mistake.

/// Something that goes wrong in a model; its raw value is the sentence that says so.
protocol Mistake: CaseIterable, RawRepresentable where RawValue == String {
  /// The result that shows the mistake.
  static var resultName: String { get }

  /// That result of a model with the mistake in it.
  func result(_ numbers: Numbers) throws -> Tensor
}

/// The mistakes of this unit by model.
public struct RecurrentNetworksMistakes: MistakeBook {
  /// Makes the book.
  public init() {}

  /// The results of a model with each known mistake in it.
  public func mistakes(
    _ model: String, _ experiment: ModelCheck.Experiment
  ) throws -> [KnownMistake] {
    func results<Kind: Mistake>(_ kind: Kind.Type) throws -> [KnownMistake] {
      let numbers = try Numbers(experiment.parameters, experiment.input)
      return try kind.allCases.map { KnownMistake($0.rawValue, try $0.pipeTensor(numbers)) }
    }
    switch model {
    case "RNN": return try results(RNNMistake.self)
    case "LSTM": return try results(LSTMMistake.self)
    case "ConvNet": return try results(ConvNetMistake.self)
    default: return []
    }
  }
}

extension Mistake {
  func pipeTensor(_ numbers: Numbers) throws -> PipeTensor {
    let tensor = try result(numbers)
    return PipeTensor(
      name: Self.resultName, shape: tensor.shape.dimensions, values: tensor.array)
  }
}

/// An experiment as tensors.
struct Numbers {
  /// In the reference's order.
  let parameters: [(name: String, tensor: Tensor)]
  let input: Tensor

  init(_ parameters: [PipeTensor], _ input: PipeTensor) throws {
    func tensor(_ value: PipeTensor) throws -> Tensor {
      try Tensor(value.values, shape: Shape(value.shape))
    }
    self.parameters = try parameters.map { ($0.name, try tensor($0)) }
    self.input = try tensor(input)
  }

  func callAsFunction(_ name: String) throws -> Tensor {
    guard let found = parameters.first(where: { $0.name == name }) else {
      throw CheckFailure("there is no \(name)")
    }
    return found.tensor
  }
}

/// Mistakes in the RNN layer.
enum RNNMistake: String, Mistake {
  case sigmoidActivation = "the step uses σ; the equation has tanh"
  case noBias = "the bias b_h is not added"
  case noRecurrence = "the hidden state of the step before is not used: H W_hh is missing"
  case noActivation = "tanh is missing"

  static let resultName = "outputs"

  func result(_ numbers: Numbers) throws -> Tensor {
    var H = Tensor.zeros([numbers.input.shape[0], try numbers("b_h").shape[0]])
    var outputs: [Tensor] = []
    for X in try numbers.input.unstacked(axis: 1) {
      var sum = try X.matmul(numbers("W_xh"))
      if self != .noRecurrence { sum = try sum + H.matmul(numbers("W_hh")) }
      if self != .noBias { sum = try sum + numbers("b_h") }
      H = self == .sigmoidActivation ? sigmoid(sum) : self == .noActivation ? sum : tanh(sum)
      outputs.append(H)
    }
    return try .stack(outputs, axis: 1)
  }
}

/// Mistakes in the LSTM layer.
enum LSTMMistake: String, Mistake {
  case sigmoidInputNode = "the input node C̃ uses σ; the equation has tanh"
  case inputForgetSwapped = "the input gate and the forget gate have each other's weights"
  case inputOutputSwapped = "the input gate and the output gate have each other's weights"
  case forgetOutputSwapped = "the forget gate and the output gate have each other's weights"
  case cellNotCarried = "the cell state is not carried on: F ∘ C is missing from C"
  case noForgetGate = "the forget gate is not applied: C = C + I ∘ C̃"
  case noInputGate = "the input gate is not applied: C = F ∘ C + C̃"
  case outputBeforeTanh = "the output gate is applied before tanh: H = tanh(O ∘ C)"
  case noFinalTanh = "tanh is missing from H = O ∘ tanh(C)"
  case noOutputGate = "the output gate is not applied: H = tanh(C)"
  case noBiases = "the biases are not added"
  case hiddenNotUsed = "the hidden state of the step before is not used in the gates"

  static let resultName = "outputs"

  func result(_ numbers: Numbers) throws -> Tensor {
    var H = Tensor.zeros([numbers.input.shape[0], try numbers("b_i").shape[0]])
    var C = H
    var outputs: [Tensor] = []
    var letters = ["i": "i", "f": "f", "o": "o"]
    if self == .inputForgetSwapped { letters = ["i": "f", "f": "i", "o": "o"] }
    if self == .inputOutputSwapped { letters = ["i": "o", "f": "f", "o": "i"] }
    if self == .forgetOutputSwapped { letters = ["i": "i", "f": "o", "o": "f"] }
    for X in try numbers.input.unstacked(axis: 1) {
      func sum(_ gate: String) throws -> Tensor {
        let letter = letters[gate] ?? gate
        var sum = try X.matmul(numbers("W_x\(letter)"))
        if self != .hiddenNotUsed { sum = try sum + H.matmul(numbers("W_h\(letter)")) }
        return self == .noBiases ? sum : try sum + numbers("b_\(letter)")
      }
      let I = sigmoid(try sum("i"))
      let F = sigmoid(try sum("f"))
      let O = sigmoid(try sum("o"))
      let node = try sum("c")
      let C_tilde = self == .sigmoidInputNode ? sigmoid(node) : tanh(node)
      let new = self == .noInputGate ? C_tilde : try I * C_tilde
      switch self {
      case .cellNotCarried: C = new
      case .noForgetGate: C = try C + new
      default: C = try F * C + new
      }
      switch self {
      case .outputBeforeTanh: H = tanh(try O * C)
      case .noFinalTanh: H = try O * C
      case .noOutputGate: H = tanh(C)
      default: H = try O * tanh(C)
      }
      outputs.append(H)
    }
    return try .stack(outputs, axis: 1)
  }
}

/// Mistakes in the convolutional network.
enum ConvNetMistake: String, Mistake {
  case noPooling = "there is no pooling: the two AveragePool1d layers are missing"
  case maximumPooling = "the pooling takes the maximum; the task has the average"
  case poolingAfterLast = "there is a third pooling, after the last convolution"
  case noActivation = "the ReLU layers are missing"
  case finalSigmoid = "there is a final sigmoid; the network should give logits"

  static let resultName = "logits"

  func result(_ numbers: Numbers) throws -> Tensor {
    let weights = numbers.parameters.map(\.tensor)
    var X = try numbers.input.transposed(1, 2)
    for layer in 0..<3 {
      X = try X.conv1d(weights[2 * layer], bias: weights[2 * layer + 1])
      if self != .noActivation { X = X.relu() }
      guard layer < 2 || self == .poolingAfterLast, self != .noPooling else { continue }
      X =
        self == .maximumPooling
        ? try X.maxPool1d(kernelSize: 2) : try X.averagePool1d(kernelSize: 2)
    }
    let logits = try X.mean(axis: 2).linear(weights[6], weights[7])
    return self == .finalSigmoid ? sigmoid(logits) : logits
  }
}
