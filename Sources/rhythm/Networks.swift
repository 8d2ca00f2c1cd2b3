/// The networks of the course's unit and how long section 4.10 trains each.
struct NetworkChoice {
  let name: String
  let epochs: Int

  static let all = [
    NetworkChoice(name: "MeanSpectrumNet", epochs: 100),
    NetworkChoice(name: "FullyConnectedNet", epochs: 25),
    NetworkChoice(name: "ConvNet", epochs: 20),
    NetworkChoice(name: "RNNNet", epochs: 20),
    NetworkChoice(name: "LSTMNet", epochs: 20),
    NetworkChoice(name: "BuiltinLSTMNet", epochs: 20),
  ]

  /// The network of a name, in any spelling of its capitals.
  static func named(_ name: String) -> NetworkChoice? {
    all.first { $0.name.lowercased() == name.lowercased() }
  }

  /// The sizes that the worker makes the network with.
  static func configuration(stepCount: Int, binCount: Int) -> [String: Int] {
    ["stepCount": stepCount, "binCount": binCount, "hiddenSize": 128]
  }
}
