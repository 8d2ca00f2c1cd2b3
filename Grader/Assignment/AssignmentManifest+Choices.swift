import Metrics

extension AssignmentManifest {
  /// The names that `choosing` knows for a network.
  public func choices(of network: String) -> [String] {
    let own = self.network(named: network)
    let names =
      RecipeName.allCases.map(\.rawValue) + (own?.sizes ?? [:]).keys.sorted()
      + (own?.numbers ?? [:]).keys.sorted()
      + ((recipe?.preparation).flatMap { preparations?[$0] }.map(Self.settingNames) ?? [])
    return names.indices.filter { names.firstIndex(of: names[$0]) == $0 }.map { names[$0] }
  }

  /// The manifest with other values in the recipe, in the sizes and numbers of a network, and in the settings of its
  /// preparation: what `train --set` and a search choose.
  ///
  /// - Parameter values: by name; a preparation is chosen before its settings are.
  /// - Throws: a sentence with all names where there is no such name, or the value is none.
  public func choosing(
    _ values: [String: String], for network: String
  ) throws(ManifestError) -> AssignmentManifest {
    var chosen = self
    // a preparation has settings, and an optimiser numbers, of its own
    let first = [RecipeName.preparation, .optimiser].map(\.rawValue).filter { values[$0] != nil }
    for name in first + values.keys.sorted().filter({ !first.contains($0) }) {
      try chosen.choose(name, values[name] ?? "", for: network)
    }
    if let objection = chosen.recipe?.optimiser?.objection {
      throw ManifestError(description: "what is chosen makes \(objection)")
    }
    return chosen
  }

  /// Whether a name is of the recipe, and not of what a network or a preparation is made with.
  public static func isOfRecipe(_ name: String) -> Bool { RecipeName(rawValue: name) != nil }

  /// What of the recipe can be chosen.
  private enum RecipeName: String, CaseIterable {
    case learningRate, batchSize, schedule, average, clipNorm, classWeights
    case optimiser, momentum, nesterov, weightDecay
    case patience, stopsBy, preparation
  }

  /// Whether a name is a setting of the steps that the recipe's preparation takes.
  public func isOfPreparation(_ name: String) -> Bool {
    (recipe?.preparation).flatMap { preparations?[$0] }.map(Self.settingNames)?.contains(name)
      ?? false
  }

  private static func settingNames(_ steps: [PreparationStep]) -> [String] {
    steps.flatMap { ($0.settings ?? [:]).keys }.sorted()
  }

  private mutating func choose(
    _ name: String, _ text: String, for network: String
  ) throws(ManifestError) {
    func read<Value>(
      _ what: String, _ value: Value?, _ isRight: (Value) -> Bool
    ) throws(ManifestError) -> Value {
      guard let value, isRight(value) else {
        throw ManifestError(description: "\(name) is \(text); give \(what)")
      }
      return value
    }
    func whole(_ least: Int) throws(ManifestError) -> Int {
      try read("a whole number from \(least)", Int(text)) { $0 >= least }
    }
    func flag() throws(ManifestError) -> Bool {
      try read("true or false", Bool(text)) { _ in true }
    }
    func number(
      _ what: String, _ isRight: (Float) -> Bool
    ) throws(ManifestError) -> Float {
      try read(what, Float(text)) { $0.isFinite && isRight($0) }
    }
    if let known = RecipeName(rawValue: name) {
      var recipe = self.recipe ?? UsualRecipe()
      var optimiser = recipe.optimiser ?? Optimiser(kind: "adam")
      switch known {
      case .learningRate: recipe.learningRate = try number("a number above 0") { $0 > 0 }
      case .batchSize: recipe.batchSize = try whole(1)
      case .schedule: recipe.schedule = text
      case .average: recipe.average = try number("a number from 0 to below 1") { 0..<1 ~= $0 }
      case .clipNorm: recipe.clipNorm = try number("a number above 0") { $0 > 0 }
      case .classWeights: recipe.classWeights = try flag()
      case .optimiser:
        // another one has numbers of its own
        if optimiser.kind != text { optimiser = Optimiser(kind: text) }
        recipe.optimiser = optimiser
      case .momentum:
        optimiser.momentum = try number("a number from 0 to below 1") { 0..<1 ~= $0 }
        recipe.optimiser = optimiser
      case .nesterov:
        optimiser.nesterov = try flag()
        recipe.optimiser = optimiser
      case .weightDecay:
        optimiser.weightDecay = try number("a number from 0") { $0 >= 0 }
        recipe.optimiser = optimiser
      case .patience: recipe.patience = try whole(1)
      case .stopsBy:
        recipe.stopsBy = try read(
          "one of \(Metric.allCases.map(\.rawValue).joined(separator: ", "))",
          Metric(rawValue: text)
        ) { _ in true }
      case .preparation:
        recipe.preparation = text == "none" ? nil : text
        _ = try preparation(recipe.preparation)
      }
      self.recipe = recipe
      return
    }
    if let place = networks?.firstIndex(where: { $0.name.lowercased() == network.lowercased() }) {
      if networks?[place].sizes?[name] != nil {
        networks?[place].sizes?[name] = try whole(0)
        return
      }
      if networks?[place].numbers?[name] != nil {
        networks?[place].numbers?[name] = try read("a number", Double(text)) { $0.isFinite }
        return
      }
    }
    if let preparation = recipe?.preparation, let steps = preparations?[preparation],
      steps.contains(where: { $0.settings?[name] != nil })
    {
      let value = try read("a number", Double(text)) { $0.isFinite }
      for index in steps.indices where steps[index].settings?[name] != nil {
        preparations?[preparation]?[index].settings?[name] = value
      }
      return
    }
    throw ManifestError(
      description: "there is no \(name) to choose for \(network); there are "
        + choices(of: network).joined(separator: ", "))
  }
}
