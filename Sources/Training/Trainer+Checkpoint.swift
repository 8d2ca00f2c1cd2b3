import Examples
import NeuralNetworks
import Optimisation
import TensorCore

extension Trainer {
  /// Everything that decides how the training goes on, at the end of an epoch: parameters and
  /// buffers, the optimiser's memory, and the state of every generator that is drawn from.
  public func checkpoint() -> [SafeTensors.Entry] {
    let generators = randomModules().map { ("generator.\($0.name)", $0.module.generator.state) }
    return network.stateEntries().map { ("network.\($0.name)", $0.tensor) }
      + optimiser.stateEntries().map { ("optimiser.\($0.name)", $0.tensor) }
      + (average?.stateEntries() ?? []).map { ("average.\($0.name)", $0.tensor) }
      + (generators + [("order", order.state), ("recipe", recipe.words)]).map {
        ($0.0, Tensor.words($0.1))
      }
      + [("epochs", Tensor(Float(completedEpochs)))]
  }

  /// Goes on where a checkpoint was taken: the training then ends with the same bytes as one that
  /// was never interrupted.
  ///
  /// - Throws: when the checkpoint is of another network, optimiser or recipe, or incomplete.
  public func resume(from checkpoint: [SafeTensors.Entry]) throws(TensorError) {
    func entries(_ prefix: String) -> [SafeTensors.Entry] {
      checkpoint.filter { $0.name.hasPrefix(prefix) }.map {
        (String($0.name.dropFirst(prefix.count)), $0.tensor)
      }
    }
    func words(_ name: String) throws(TensorError) -> [UInt32] {
      guard let words = checkpoint.first(where: { $0.name == name })?.tensor.words else {
        throw TensorError("resume", "the checkpoint has no \(name), or a damaged one")
      }
      return words
    }
    guard try words("recipe") == recipe.words else {
      throw TensorError(
        "resume",
        "the checkpoint is of a training with another seed, batch size, step size, schedule, optimiser, "
          + "class weights or source of epochs",
        remedy: "Give the same options as before, or train from the beginning")
    }
    guard let order = MersenneTwister(state: try words("order")),
      let epochs = checkpoint.first(where: { $0.name == "epochs" })?.tensor.array.first,
      epochs >= 0,
      epochs < 1e6
    else { throw TensorError("resume", "the checkpoint's epochs or generator are damaged") }
    var generators: [(any RandomModule, RandomGenerator)] = []
    for (name, module) in randomModules() {
      guard let generator = RandomGenerator(state: try words("generator.\(name)")) else {
        throw TensorError("resume", "the state of the generator of \(name) is damaged")
      }
      generators.append((module, generator))
    }
    try network.load(entries("network."))
    try optimiser.load(entries("optimiser."))
    try average?.load(entries("average."))
    for (module, generator) in generators { module.generator = generator }
    self.order = order
    completedEpochs = Int(epochs)
  }

  private func randomModules() -> [(name: String, module: any RandomModule)] {
    network.namedModules().compactMap { name, module in
      (module as? any RandomModule).map { (name.isEmpty ? "network" : name, $0) }
    }
  }
}

extension Recipe {
  /// What must be the same for a resumed training to go on as it would have: not the threads, which
  /// do not matter, nor the number of epochs, which may grow unless the step size depends on it.
  fileprivate var words: [UInt32] {
    let length = schedule.dependsOnLength ? [UInt32(truncatingIfNeeded: epochs)] : []
    return [
      UInt32(truncatingIfNeeded: seed >> 32), UInt32(truncatingIfNeeded: seed),
      UInt32(truncatingIfNeeded: batchSize), learningRate.bitPattern, source.word,
      clipNorm?.bitPattern ?? 0, averageDecay?.bitPattern ?? 0,
    ] + length + rest
  }

  /// What is nothing in most recipes.
  private var rest: [UInt32] {
    var words = (classWeights ?? []).map(\.bitPattern)
    if schedule != .constant { words += schedule.description.utf8.map(UInt32.init) }
    guard optimiser != OptimiserChoice() else { return words }
    words += optimiser.kind.rawValue.utf8.map(UInt32.init)
    return words + [
      optimiser.momentum?.bitPattern ?? 0, optimiser.nesterov == true ? 1 : 0,
      optimiser.weightDecay?.bitPattern ?? .max,
    ]
  }
}

extension EpochSource {
  fileprivate var word: UInt32 {
    switch self {
    case .all: 0
    case .randomWindows(let length): UInt32(truncatingIfNeeded: length)
    }
  }
}
