import Foundation
import Metrics

extension AssignmentManifest {
  /// Whether what is said of optimisers, stopping, preparations and searches fits together.
  func validateTraining(
    _ require: (Bool, @autoclosure () -> String) throws -> Void
  ) throws {
    if let recipe {
      try require(
        recipe.clipNorm ?? 1 > 0 && recipe.patience ?? 1 > 0,
        "the recipe needs a clipNorm and a patience above zero, or neither")
      try Self.validate(recipe.optimiser, of: "the recipe", require)
      if let name = recipe.preparation {
        try require(
          preparations?[name] != nil,
          "the recipe's preparation is \(name), which is not under preparations")
      }
    }
    for (network, goal) in (goals ?? [:]).sorted(by: { $0.key < $1.key }) {
      try Self.validate(goal.optimiser, of: "the goal of \(network)", require)
      try require(
        goal.patience ?? 1 > 0, "the goal of \(network) needs a patience above zero, or none")
      try require(
        goal.metric != .loss,
        "the goal of \(network) is a loss, which no share tells of: name another metric; "
          + "stopsBy: loss ends attempts by it")
      try require(
        goal.stopsBy == nil || goal.patience != nil,
        "the goal of \(network) says by what attempts end, and not when: give it a patience")
      try require(
        isPreparation(goal.preparation),
        "the preparation of the goal of \(network) is \(goal.preparation ?? ""), which is not under "
          + "preparations")
    }
    for (name, steps) in (preparations ?? [:]).sorted(by: { $0.key < $1.key }) {
      try require(
        name != "none", "a preparation is called none, which is the word for no preparation")
      for step in steps {
        let place = "the step \(step.function) of the preparation \(name)"
        try require(!step.takes.isEmpty, "\(place) takes nothing: say for each input what it is")
        try require(
          step.gives.values.contains { $0 != PreparationStep.targets },
          "\(place) gives no input: say for each result what it becomes")
        try require(
          Set(step.gives.values).count == step.gives.count,
          "\(place) gives two results the same name")
        try require(
          step.settings?["seed"] == nil, "\(place) has a setting seed, which it is given anyway")
      }
    }
    for experiment in experiments ?? [] {
      for entry in experiment.networks {
        try require(
          isPreparation(entry.preparation),
          "the experiment \(experiment.name) prepares \(entry.name) by \(entry.preparation ?? ""), which is "
            + "not under preparations")
      }
    }
    try validateSearches(require)
  }

  /// Whether something can be prepared by a name, or by none.
  private func isPreparation(_ name: String?) -> Bool {
    name.map { $0 == "none" || preparations?[$0] != nil } ?? true
  }

  private static func validate(
    _ optimiser: Optimiser?, of what: String,
    _ require: (Bool, @autoclosure () -> String) throws -> Void
  ) throws {
    if let objection = optimiser?.objection { try require(false, "\(what) has \(objection)") }
  }

  private func validateSearches(
    _ require: (Bool, @autoclosure () -> String) throws -> Void
  ) throws {
    let searches = searches ?? []
    for search in searches {
      let place = "the search for \(search.network)"
      try require(
        networks?.contains { $0.name == search.network } == true,
        "\(place): the network is not under networks")
      try require(
        searches.count { $0.network == search.network } == 1, "\(place) stands there twice")
      try require(
        search.trials > 0 && search.epochs ?? 1 > 0 && search.patience ?? 1 > 0,
        "\(place) needs trials, epochs and patience above zero")
      try require(
        search.metric != .loss,
        "\(place) goes by the loss, in which the size of an error counts: name another metric")
      try require(!search.space.isEmpty, "\(place) has nothing under space")
      let names = choices(of: search.network)
      for parameter in search.space {
        let name = "\(place): \(parameter.name)"
        try require(
          names.contains(parameter.name),
          "\(name) is nothing that can be chosen; there are \(names.joined(separator: ", "))")
        try require(
          search.space.count { $0.name == parameter.name } == 1, "\(name) stands there twice")
        let ranges = [parameter.uniform, parameter.logUniform].compactMap(\.self)
        try require(
          ranges.count + (parameter.choice == nil ? 0 : 1) == 1,
          "\(name) needs one of uniform, logUniform and choice")
        for range in ranges {
          try require(
            range.count == 2 && range.allSatisfy(\.isFinite) && range[0] <= range[1],
            "\(name) needs two numbers, the lower one first")
        }
        if let lowest = parameter.logUniform?.first {
          try require(
            lowest > 0,
            "\(name) is log-uniform from \(lowest), and 0 has no logarithm: begin above it, or make it uniform"
          )
        }
        if let other = parameter.choice?.map(\.description).first(where: {
          parameter.name == "optimiser" && !Optimiser.kinds.contains($0)
        }) {
          try require(
            false,
            "\(name) may be \(other), which is none: give some of "
              + Optimiser.kinds.joined(separator: ", "))
        }
        if let choice = parameter.choice {
          try require(
            !choice.isEmpty && Set(choice).count == choice.count,
            "\(name) needs different values to choose from")
        }
      }
    }
  }
}
