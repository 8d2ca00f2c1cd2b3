import Judge

extension VariantBook {
  /// The mistakes of this unit by model.
  package static let recurrentNetworks = VariantBook(
    [
      "RNN": RNNVariant.self, "LSTM": LSTMVariant.self, "ConvNet": ConvNetVariant.self,
      "BuiltinLSTMNet": BuiltinLSTMNetVariant.self,
    ],
    // on the student's own layer
    others: ["LSTMNet": LSTMNetTrial.named])
}
