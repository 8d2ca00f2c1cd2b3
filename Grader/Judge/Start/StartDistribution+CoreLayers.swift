import WorkerPipe

extension StartDistribution {
  /// A network of the core's layers, by its parameters' names: Linear and Conv1d draw weight and bias
  /// uniformly within ± 1 / √(inputs of a unit), the built-in LSTM all it has within ± 1 / √units.
  ///
  /// - Parameter parameters: the reference's, in order: a bias follows its weight.
  package static func ofCoreLayers(_ parameters: [PipeTensor]) -> [String: StartDistribution] {
    var distributions: [String: StartDistribution] = [:]
    var inputs = 1
    for parameter in parameters {
      let shape = parameter.shape
      switch parameter.name.split(separator: ".").last {
      case "weight": inputs = shape.count == 3 ? shape[1] * shape[2] : shape[0]
      case "W_x": inputs = shape[1] / 4
      default: break
      }
      distributions[parameter.name] = .uniform(bound: 1 / Double(max(inputs, 1)).squareRoot())
    }
    return distributions
  }
}
