// Attack: a network that does not compile with the stand-in, on a layer of enormous numbers
// Tries: the network calls what only the student's layer has, so that it is compared with that layer; beside
// a million for H neither the first bias nor any gradient of the first linear layer shows
// Must: a network that no stand-in fits is not judged by a layer that is none
// Deserves: nothing for lstm.values, lstm.gradients, lstmnet.values, lstmnet.gradients
import Coursework
import NeuralNetworks
import TensorCore

final class LSTM: Module {
  // PARAMETERS

  func summary(_ inputs: Tensor) throws -> Tensor {
    try noGrad {
      let size = Float(inputs.shape[1] * inputs.shape[2])
      let one = try tanh(inputs.sum(axes: [1, 2]) * (1 / size.squareRoot())) + 2
      return try one.reshaped([inputs.shape[0], 1]).matmul(.ones([1, b_i.shape[0]])) * 1e6
    }
  }

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    let H = try summary(inputs)
    let outputs = try Tensor.stack((0..<inputs.shape[1]).map { _ in H }, axis: 1)
    return (outputs, LSTMState(H: H, C: H))
  }
}
