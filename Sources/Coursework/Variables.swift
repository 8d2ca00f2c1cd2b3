import Examples
import NeuralNetworks
import TensorCore

/// What the variables of a network's code hold while it goes through a sequence, as the compiler's calls tell it.
enum Variables {
  private struct Place: Hashable {
    let line: Int
    let name: String
  }

  /// Those that get a value at each step, that is so often as the ones that get the most.
  ///
  /// - Returns: tensors `value:LINE:NAME` with a first axis of steps, in the order of the code's first step, and
  ///   `gradient:LINE:NAME`, the gradients of the examples' loss for them, where it depends on them.
  static func of(
    _ network: any Trainable, on examples: ExampleSet
  ) throws -> [(name: String, tensor: Tensor)] {
    network.eval()
    let batch = examples.batch(Array(0..<examples.count)[...])
    var places: [Place] = []
    var values: [Place: [Tensor]] = [:]
    Worksheet.listener = { value, name, line in
      guard let tensor = value as? Tensor, !name.isEmpty else { return }
      let place = Place(line: line, name: name)
      if values[place] == nil { places.append(place) }
      values[place, default: []].append(tensor)
    }
    defer { Worksheet.listener = nil }
    let predictions = try network.predictions(batch)
    let loss = try network.loss(predictions, batch, classWeights: nil)
    Worksheet.listener = nil

    let series = places.compactMap { place -> (place: Place, tensors: [Tensor])? in
      guard let tensors = values[place], let first = tensors.first, first.rank > 1,
        first.shape[0] == batch.count, tensors.allSatisfy({ $0.shape == first.shape })
      else { return nil }
      return (place, tensors)
    }
    let stepCount = series.map(\.tensors.count).max() ?? 0
    let stepped = series.filter { $0.tensors.count == stepCount && stepCount > 1 }
    let gradients = try loss.backward(through: stepped.flatMap(\.tensors))
    var found: [(name: String, tensor: Tensor)] = []
    for (index, (place, tensors)) in stepped.enumerated() {
      let name = "\(place.line):\(place.name)"
      found.append(("value:" + name, try .stack(tensors.map { $0.detached() }, axis: 0)))
      let own = gradients[(index * stepCount)..<((index + 1) * stepCount)]
      guard own.contains(where: { $0 != nil }) else { continue }
      let parts = zip(own, tensors).map { $0 ?? .zeros(like: $1) }
      found.append(("gradient:" + name, try .stack(parts, axis: 0)))
    }
    return found
  }
}
