import CKernels
import NeuralNetworks
import TensorCore

/// An exponential moving average of a module's parameters: `a ← a + (1 − d) (θ − a)` after each of
/// the optimiser's steps. While the parameters themselves wander about a minimum from batch to batch,
/// their average lies nearer to its middle, so that it matters less where a training stops.
///
/// Of update n the decay is `min(d, (1 + n) / (10 + n))`: an average of the first few steps would
/// otherwise be mostly the initial parameters. Buffers, such as the running statistics of
/// `BatchNorm`, are not averaged.
///
/// Averages are kept in single precision, as PyTorch's are: one of a parameter that no longer moves comes
/// to rest within 2⁻²⁴ / (1 − d) of it, relatively, which is 6e-5 for d = 0.999.
///
/// Source: Polyak and Juditsky 1992; PyTorch's `AveragedModel` with `get_ema_multi_avg_fn`; the decay
/// of the first updates is that of TensorFlow's `ExponentialMovingAverage` with `num_updates`.
public final class ParameterAverage {
  private let decay: Float
  private var slots: [(name: String, parameter: Tensor, average: Storage)]
  private var updates = 0

  /// Starts from the module's present parameters.
  ///
  /// - Parameter decay: d, from 0 (no average) to below 1; 0.999 averages over the last thousand
  ///   steps or so.
  public init(_ module: Module, decay: Float) {
    self.decay = decay
    slots = module.namedParameters().map { ($0, $1, $1.storage.copy()) }
  }

  /// Takes the parameters after a step into the average.
  public func update() {
    updates += 1
    let share = 1 - min(decay, Float(1 + updates) / Float(10 + updates))
    for slot in slots {
      rk_approach(slot.average.pointer, slot.parameter.storage.pointer, share, slot.average.count)
    }
  }

  /// Does something with the averages in the parameters' places, and puts the parameters back.
  public func withAverages<Result>(_ body: () throws -> Result) rethrows -> Result {
    exchange()
    defer { exchange() }
    return try body()
  }

  private func exchange() {
    for slot in slots {
      let (average, count) = (slot.average.pointer, slot.average.count)
      slot.parameter.withMutableElements { elements in
        for index in 0..<count { swap(&elements[index], &average[index]) }
      }
    }
  }

  /// The averages and the number of updates, for a checkpoint.
  public func stateEntries() -> [SafeTensors.Entry] {
    slots.map { ($0.name, Tensor($0.average.copy(), $0.parameter.shape)) }
      + [("updates", Tensor(Float(updates)))]
  }

  /// Goes on from where `stateEntries()` was taken.
  ///
  /// - Throws: when an average is missing or has another shape.
  public func load(_ entries: [SafeTensors.Entry]) throws(TensorError) {
    let stored = Dictionary(entries.map { ($0.name, $0.tensor) }) { first, _ in first }
    guard let count = stored["updates"]?.array.first, count >= 0, count < 1e9 else {
      throw TensorError("load", "the number of updates of the average is missing or damaged")
    }
    for slot in slots where stored[slot.name]?.shape != slot.parameter.shape {
      throw TensorError("load", "the average of \(slot.name) is missing or has another shape")
    }
    for index in slots.indices {
      if let average = stored[slots[index].name] { slots[index].average = average.storage.copy() }
    }
    updates = Int(count)
  }
}
