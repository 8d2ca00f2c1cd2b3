import Coursework
import NeuralNetworks
import TensorCore

/// The program that the checks and `./rhythm train` talk to: the unit's models by name.
@main
enum RecurrentNetworksWorker {
  static func main() { Worker.serve(Catalogue(onOwnLayers + onBuiltinLayers)) }

  private static let onOwnLayers: [Catalogue.Entry] = [
    .model("RNN") { size, generator in
      try RNN(inputSize: size.inputSize, hiddenSize: size.hiddenSize, using: &generator)
    } _: { layer, arguments in
      let (outputs, H) = try layer(arguments["input"])
      return [("outputs", .tensor(outputs)), ("H", .tensor(H))]
    },
    .model("LSTM") { size, generator in
      try LSTM(inputSize: size.inputSize, hiddenSize: size.hiddenSize, using: &generator)
    } _: { layer, arguments in
      let (outputs, state) = try layer(arguments["input"])
      return [("outputs", .tensor(outputs)), ("H", .tensor(state.H)), ("C", .tensor(state.C))]
    },
    .network("MeanSpectrumNet") { size, generator in
      try MeanSpectrumNet(binCount: size.binCount, using: &generator)
    },
    .network("FullyConnectedNet") { size, generator in
      try FullyConnectedNet(
        stepCount: size.stepCount, binCount: size.binCount, using: &generator)
    },
    .network("ConvNet") { size, generator in
      try ConvNet(binCount: size.binCount, using: &generator)
    },
    .network("RNNNet") { size, generator in
      try RNNNet(binCount: size.binCount, hiddenSize: size.hiddenSize, using: &generator)
    },
    .network("LSTMNet") { size, generator in
      try LSTMNet(binCount: size.binCount, hiddenSize: size.hiddenSize, using: &generator)
    },
  ]

  // Only the program of the tasks that may use them is built with the core's own recurrent layers.
  #if canImport(RecurrentLayers)
    private static let onBuiltinLayers: [Catalogue.Entry] = [
      .network("BuiltinLSTMNet") { size, generator in
        try BuiltinLSTMNet(
          binCount: size.binCount, hiddenSize: size.hiddenSize, using: &generator)
      }
    ]
  #else
    private static let onBuiltinLayers: [Catalogue.Entry] = []
  #endif
}
