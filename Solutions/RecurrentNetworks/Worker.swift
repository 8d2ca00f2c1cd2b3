import Coursework
import NeuralNetworks
import TensorCore

/// The program that the checks and `./rhythm train` talk to: the unit's models by name.
@main
enum RecurrentNetworksWorker {
  static func main() {
    Worker.serve(Catalogue(onOwnLayers.merging(onBuiltinLayers) { own, _ in own }))
  }

  private static let onOwnLayers: [String: Catalogue.Maker] = [
    "RNN": { size, generator in
      let layer = try RNN(
        inputSize: size("inputSize"), hiddenSize: size("hiddenSize"), using: &generator)
      return .init(layer) { X in
        let (outputs, H) = try layer(X)
        return [("outputs", outputs), ("H", H)]
      }
    },
    "LSTM": { size, generator in
      let layer = try LSTM(
        inputSize: size("inputSize"), hiddenSize: size("hiddenSize"), using: &generator)
      return .init(layer) { X in
        let (outputs, state) = try layer(X)
        return [("outputs", outputs), ("H", state.H), ("C", state.C)]
      }
    },
    "MeanSpectrumNet": { size, generator in
      .init(try MeanSpectrumNet(binCount: size("binCount"), using: &generator))
    },
    "FullyConnectedNet": { size, generator in
      .init(
        try FullyConnectedNet(
          stepCount: size("stepCount"), binCount: size("binCount"), using: &generator))
    },
    "ConvNet": { size, generator in
      .init(try ConvNet(binCount: size("binCount"), using: &generator))
    },
    "RNNNet": { size, generator in
      .init(
        try RNNNet(
          binCount: size("binCount"), hiddenSize: size("hiddenSize"), using: &generator))
    },
    "LSTMNet": { size, generator in
      .init(
        try LSTMNet(
          binCount: size("binCount"), hiddenSize: size("hiddenSize"), using: &generator))
    },
  ]

  // Only the program of the tasks that may use them is built with the core's own recurrent layers.
  #if canImport(RecurrentLayers)
    private static let onBuiltinLayers: [String: Catalogue.Maker] = [
      "BuiltinLSTMNet": { size, generator in
        .init(
          try BuiltinLSTMNet(
            binCount: size("binCount"), hiddenSize: size("hiddenSize"), using: &generator))
      }
    ]
  #else
    private static let onBuiltinLayers: [String: Catalogue.Maker] = [:]
  #endif
}
