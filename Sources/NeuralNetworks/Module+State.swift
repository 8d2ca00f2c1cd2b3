import TensorCore

/// What a lenient load did not find on one side or the other.
public struct LoadReport: Hashable, Sendable {
  /// Parameters and buffers of the module that were not given, and kept their values.
  public let missing: [String]
  /// Names that were given but are not part of the module.
  public let unexpected: [String]
}

extension Module {
  /// The parameters and buffers by name, in the order of declaration: what a checkpoint holds.
  public func stateEntries() -> [SafeTensors.Entry] { namedParameters() + namedBuffers() }

  /// Copies tensors into the parameters and buffers of the same names.
  ///
  /// - Parameters:
  ///   - entries: one for each parameter and buffer.
  ///   - strict: whether missing and unexpected names are errors. Without, a part of a network can
  ///     be loaded into another; wrong shapes are errors all the same.
  /// - Returns: the names that were missing or unexpected; empty lists when strict.
  /// - Throws: one error that lists all missing, unexpected, repeated and wrongly shaped names, with
  ///   the name that may be meant. Nothing is copied then.
  @discardableResult
  public func load(
    _ entries: [SafeTensors.Entry], strict: Bool = true
  ) throws(TensorError) -> LoadReport {
    let own = stateEntries()
    let ownNames = own.map(\.name)
    let givenNames = entries.map(\.name)
    let unexpected = givenNames.filter { !ownNames.contains($0) }
    let missing = ownNames.filter { !givenNames.contains($0) }
    var problems: [String] = []
    if strict {
      problems += unexpected.map { name in
        "\(name) is not part of \(type(of: self))"
          + (Spelling.nearest(to: name, in: missing).map { " (did you mean \($0)?)" } ?? "")
      }
    }
    var seen: Set<String> = []
    problems += givenNames.filter { !seen.insert($0).inserted }.map { "\($0) is given twice" }
    if strict { problems += missing.map { "\($0) is missing" } }
    var pairs: [(Tensor, Tensor)] = []
    for target in own {
      guard let source = entries.first(where: { $0.name == target.name }) else { continue }
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
    return LoadReport(missing: missing, unexpected: unexpected)
  }
}
