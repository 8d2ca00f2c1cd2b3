import Judge
import WorkerPipe

/// The sizes of a head.
private func sizes(_ channels: Int, _ classes: Int) -> [String: Int] {
  ["channels": channels, "classes": classes]
}

/// A head's checks: `classes` are those whose maps are wanted, where it has to be said.
private func headSeries(
  _ session: JudgeSession, _ subject: String, choosesClasses: Bool = false
) -> SizedSeries {
  func size(
    _ samples: Int, _ channels: Int, _ steps: Int, _ classes: Int, from first: Int = 1,
    _ draw: Draw = MapDraws.ordinary
  ) -> TrialSeries.Size {
    let f = InputShape("f", [samples, channels, steps])
    // not the same ones for all samples, and not those of the samples' numbers
    let chosen = (0..<samples).map { (first + 2 * $0) % classes }
    return .init(
      sizes(channels, classes),
      inputs: [f] + (choosesClasses ? [InputShape("classes", [samples])] : []),
      draw: choosesClasses ? MapDraws.choosing(chosen, draw) : draw)
  }
  return SizedSeries(
    session: session, subject: subject,
    sizes: { numbers in
      let (samples, channels, steps, classes) = (
        numbers.integer(3...5), numbers.integer(2...6), numbers.integer(2...9),
        numbers.integer(2...5)
      )
      return [
        size(3, 4, 7, 3), size(2, 3, 3, 3), size(4, 5, 6, 2), size(1, 1, 1, 1), size(1, 3, 4, 2),
        size(
          samples, channels, steps, classes, from: numbers.integer(0...4),
          .afterCalls(
            numbers.integer(3...9),
            "for features [\(samples), \(channels), \(steps)] and \(classes) classes",
            MapDraws.numbers)),
      ]
    },
    smallest: [
      size(1, 1, 1, 1), size(1, 1, 2, 1), size(1, 1, 2, 2), size(1, 2, 2, 2), size(2, 2, 2, 2),
    ], usual: size(32, 24, 750, 3))
}

/// Task 8.7a: global average pooling.
final class ClassLogitsChecks: AttentionMapsCase {
  static func series(_ session: JudgeSession) -> SizedSeries {
    headSeries(session, "ClassActivation")
  }

  func test3Values() throws { try check { try Self.series($0).requireValues() } }
  func test4Gradients() throws { try check { try Self.series($0).requireGradients() } }
}

/// Task 8.7b: the maps.
final class ClassMapsChecks: AttentionMapsCase {
  static func all(_ session: JudgeSession) -> SizedSeries {
    headSeries(session, "ClassActivationMaps")
  }
  static func one(_ session: JudgeSession) -> SizedSeries {
    headSeries(session, "ClassActivationMap", choosesClasses: true)
  }

  /// The parameter, and what it is drawn from.
  func test1Parameters() throws {
    try check { session in
      let series = Self.all(session)
      try series.requireParameters([sizes(24, 3), sizes(4, 5), sizes(1, 1)])
      var numbers = session.numbers("ClassActivation start")
      try series.requireStart([
        sizes(24, 3), sizes(numbers.integer(30...60), numbers.integer(30...60)),
      ]) { _, inputs in .uniform(bound: 1 / Double(inputs).squareRoot()) }
    }
  }

  func test3All() throws { try check { try Self.all($0).requireValues() } }

  func test3One() throws {
    try check { session in
      let series = Self.one(session)
      try series.requireValues()
      let f = PipeTensor(name: "f", shape: [2, 1, 1], values: [1, 2])
      for (classes, numbers, what) in [
        ([1], [[1], [2]], "1 class for 2 samples"), ([0, 3], [[3]], "class 3 of 3 classes"),
      ] {
        try series.requireRefusal(numbers, of: what) {
          _ = try session.askStudent(
            .forward(.init(isFirst: true)),
            about: .init("ClassActivationMap", sizes: sizes(1, 3)),
            [
              f,
              PipeTensor(
                name: "classes", shape: [classes.count], integers: classes.map(Int32.init)),
            ])
        }
      }
    }
  }

  /// The mean of a map is the logit that it should be, whatever the student's own pooling is.
  func test3Mean() throws {
    try check { session in
      var numbers = session.numbers("maps and logits")
      for (samples, channels, steps, classes) in [(3, 4, 7, 3), (2, 3, 1, 2), (1, 1, 6, 4)] {
        let maps = ModelCheck(session, "ClassActivationMaps", sizes(channels, classes))
        let logits = ModelCheck(session, "ClassActivation", sizes(channels, classes))
        let draw = try maps.experiments(
          [InputShape("f", [samples, channels, steps])], draw: MapDraws.ordinary)
        let experiment = draw(&numbers)
        let found = try maps.studentResults(experiment).first { $0.name == "maps" }
        let own = try logits.referenceResults(experiment).first { $0.name == "logits" }
        guard let found, let own, found.shape == [samples, classes, steps] else {
          throw CheckFailure("the maps have another shape than in the task")
        }
        let means = own.values.indices.map { index in
          found.values[index * steps..<(index + 1) * steps].reduce(0, +) / Float(steps)
        }
        try Comparison.require(
          PipeTensor(name: "means", shape: own.shape, values: means), equals: own,
          called: "the mean of a map, beside the logit that it should be,",
          axes: [.sample, Axis("class")])
      }
    }
  }
}

/// Task 8.7c: interpolation.
final class InterpolationChecks: AttentionMapsCase {
  static func series(_ session: JudgeSession) -> SizedSeries {
    func size(
      _ steps: Int, _ places: Int, samples: Int = 2, classes: Int = 3,
      _ draw: Draw = MapDraws.ordinary
    ) -> TrialSeries.Size {
      .init(
        ["places": places], inputs: [InputShape("M", [samples, classes, steps])], draw: draw)
    }
    return SizedSeries(
      session: session, subject: "interpolated",
      sizes: { numbers in
        let (steps, places) = (numbers.integer(3...20), numbers.integer(3...60))
        return [
          size(5, 20), size(5, 13), size(1, 8), size(8, 8), size(12, 5),
          size(75, 900, samples: 1, classes: 1), size(4, 1),
          size(
            steps, places,
            .afterCalls(
              numbers.integer(3...9), "from \(steps) steps to \(places) places", MapDraws.numbers)),
        ]
      },
      smallest: [
        size(1, 1, samples: 1, classes: 1), size(1, 2, samples: 1, classes: 1),
        size(2, 2, samples: 1, classes: 1), size(2, 4, samples: 1, classes: 1),
        size(3, 2, samples: 1, classes: 1),
      ], usual: size(750, 9000))
  }

  func test3Values() throws {
    try check { session in
      let series = Self.series(session)
      try series.requireValues()
      try series.requireRefusal([[0]], of: "a map at 0 places") {
        _ = try session.askStudent(
          .forward(.init(isFirst: true)), about: .init("interpolated", sizes: ["places": 0]),
          [PipeTensor(name: "M", shape: [1, 1, 2], values: [1, 2])])
      }
    }
  }
}
