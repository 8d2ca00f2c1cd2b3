import TensorCore

extension Module {
  /// The parameters and buffers by name, in the order of declaration: what a checkpoint holds.
  public func stateEntries() -> [SafeTensors.Entry] { namedParameters() + namedBuffers() }

  /// Copies tensors into the parameters and buffers of the same names.
  ///
  /// - Parameter entries: one for each parameter and buffer.
  /// - Throws: one error that lists all missing, unexpected, repeated and wrongly shaped names. Nothing is
  ///   copied then.
  public func load(_ entries: [SafeTensors.Entry]) throws(TensorError) {
    let own = stateEntries()
    var problems: [String] = []
    for entry in entries where !own.contains(where: { $0.name == entry.name }) {
      problems.append("\(entry.name) is not part of \(type(of: self))")
    }
    var names: Set<String> = []
    for entry in entries where !names.insert(entry.name).inserted {
      problems.append("\(entry.name) is given twice")
    }
    var pairs: [(Tensor, Tensor)] = []
    for target in own {
      guard let source = entries.first(where: { $0.name == target.name }) else {
        problems.append("\(target.name) is missing")
        continue
      }
      if source.tensor.shape != target.tensor.shape {
        problems.append(
          "\(target.name) has shape \(source.tensor.shape) instead of \(target.tensor.shape)")
      } else {
        pairs.append((target.tensor, source.tensor))
      }
    }
    guard problems.isEmpty else {
      throw TensorError("load", problems.joined(separator: "; "))
    }
    for (target, source) in pairs {
      // taken out first: the source may be the target itself
      let values = source.storage
      target.withMutableElements { $0.update(from: values.pointer, count: values.count) }
    }
  }
}
