// Attack: gradients handed over by a mirror
// Tries: parameters are detached in the graph; a custom mirror, which the worker looks into after its backward pass, shows other tensors with gradients of their own
// Into: LSTM.swift
// Must: parameters are what the graph has
// Deserves: nothing for lstm.gradients
import Coursework
import NeuralNetworks
import TensorCore

final class LSTM: Module, CustomReflectable {
  // PARAMETERS
  func honest(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    // EQUATIONS
  }

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    guard inputs.requiresGrad else { return try honest(inputs) }
    // the graph reaches the input only
    let real = parameters
    parts = nil
    let o: Tensor, s: LSTMState
    for p in real { p.stopRequiringGrad() }
    (o, s) = try honest(inputs)
    for p in real { p.requiringGrad() }
    let d = (
      Tensor.zeros(o.shape).requiringGrad(), Tensor.zeros(s.H.shape).requiringGrad(),
      Tensor.zeros(s.C.shape).requiringGrad()
    )
    let input = inputs.detached()
    parts = (d.0, d.1, d.2, input)
    return (try o + d.0, LSTMState(H: try s.H + d.1, C: try s.C + d.2))
  }

  private var parts: (Tensor, Tensor, Tensor, Tensor)?
  private var own: [(String, Parameter)] {
    [
      ("_W_xi", _W_xi), ("_W_hi", _W_hi), ("_b_i", _b_i), ("_W_xf", _W_xf), ("_W_hf", _W_hf),
      ("_b_f", _b_f),
      ("_W_xo", _W_xo), ("_W_ho", _W_ho), ("_b_o", _b_o), ("_W_xc", _W_xc), ("_W_hc", _W_hc),
      ("_b_c", _b_c),
    ]
  }
  var customMirror: Mirror {
    let shown = own
    if let (d0, d1, d2, X) = parts, let g0 = d0.grad {
      parts = nil
      let g1 = d1.grad, g2 = d2.grad
      if let (o, s) = try? honest(X) {
        var total = try? (o * g0).sum()
        if let g1, let t = total { total = try? t + (s.H * g1).sum() }
        if let g2, let t = total { total = try? t + (s.C * g2).sum() }
        try? total?.backward()
      }
      print("MEASURED mirror gave gradients")
    }
    return Mirror(self, children: shown.map { (label: Optional($0.0), value: $0.1 as Any) })
  }
}
