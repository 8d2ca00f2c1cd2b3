import CKernels
import NeuralNetworks
import TensorCore

/// The parameters that an optimiser moves, and what it remembers of each: its steps, and running
/// means of the parameter's shape.
struct ParameterMemory {
  struct Slot {
    let name: String
    let parameter: Tensor
    /// In the order of the memory's names; empty until the first step.
    var means: [Storage]
    var steps = 0
  }

  private let names: [String]
  private(set) var slots: [Slot]

  /// - Parameter names: what the running means are called in checkpoints.
  init(_ module: Module, remembering names: [String]) {
    self.names = names
    slots = module.namedParameters().map { name, parameter in
      Slot(
        name: name, parameter: parameter,
        means: names.map { _ in Storage(count: parameter.count, filledWith: 0) })
    }
  }

  /// Calls `move` for each parameter that has a gradient; its step is counted already.
  ///
  /// - Parameter move: gives back `Σ g²`.
  /// - Returns: `Σ g²` of each parameter, in the module's order; `nil` where there is no gradient.
  mutating func step(
    _ move: (_ elements: UnsafeMutablePointer<Float>, _ gradient: rk_gradient, _ slot: Slot) ->
      Double
  ) -> [Double?] {
    slots.indices.map { index in
      slots[index].parameter.withArrivedGradient { gradient in
        slots[index].steps += 1
        let slot = slots[index]
        return slot.parameter.withMutableElements { move($0, gradient, slot) }
      }
    }
  }

  func zeroGrad() {
    for slot in slots { slot.parameter.zeroGrad() }
  }

  func entries() -> [SafeTensors.Entry] {
    guard !names.isEmpty else { return [] }
    return slots.flatMap { slot in
      [SafeTensors.Entry("\(slot.name).steps", Tensor(Float(slot.steps)))]
        + zip(names, slot.means).map { name, mean in
          ("\(slot.name).\(name)", Tensor(mean.copy(), slot.parameter.shape))
        }
    }
  }

  mutating func load(_ entries: [SafeTensors.Entry]) throws(TensorError) {
    let stored = Dictionary(entries.map { ($0.name, $0.tensor) }) { first, _ in first }
    var problems: [String] = []
    let own = self.entries()
    for entry in own where stored[entry.name]?.shape != entry.tensor.shape {
      problems.append(
        stored[entry.name].map {
          "\(entry.name) has shape \($0.shape) instead of \(entry.tensor.shape)"
        } ?? "\(entry.name) is missing")
    }
    for slot in slots {
      guard let steps = stored["\(slot.name).steps"]?.array.first else { continue }
      if !(steps >= 0 && steps < 1e9) {
        problems.append("\(slot.name).steps is \(steps), which is no number of steps")
      }
    }
    let names = Set(own.map(\.name))
    for entry in entries where !names.contains(entry.name) {
      problems.append("\(entry.name) is not part of this optimiser")
    }
    guard problems.isEmpty else {
      throw TensorError("load", problems.joined(separator: "; "))
    }
    for index in slots.indices {
      let name = slots[index].name
      slots[index].steps = Int(stored["\(name).steps"]?.array.first ?? 0)
      slots[index].means = self.names.compactMap { stored["\(name).\($0)"]?.storage.copy() }
    }
  }
}
