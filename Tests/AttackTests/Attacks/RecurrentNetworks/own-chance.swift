// Attack: the system's chance
// Tries: to draw the initial numbers from anywhere but the generator that is handed in
// Into: LSTM.swift
// Must: they are not a function of the generator
// Deserves: nothing for lstm.start
import Coursework
import NeuralNetworks
import TensorCore

final class LSTM: Module {
  // DECLARATIONS

  init(inputSize: Int, hiddenSize: Int, using given: inout RandomGenerator) throws {
    var generator = RandomGenerator(seed: UInt64.random(in: 1..<1 << 40))
    // DRAWS
  }

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    // EQUATIONS
  }
}
