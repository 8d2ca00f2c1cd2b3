import Judge
import WorkerPipe

/// Lists of integers as inputs of a function.
private func lists(
  _ lists: KeyValuePairs<String, [Int]>, sizes: [String: Int] = [:]
) -> TrialSeries.Size {
  .init(
    sizes, inputs: lists.map { InputShape($0.key, [$0.value.count]) },
    draw: MapDraws.lists(lists.map(\.value)))
}

/// Integers of a range.
private func draw(
  _ count: Int, _ range: ClosedRange<Int>, _ numbers: inout SeededNumbers
) -> [Int] { (0..<count).map { _ in numbers.integer(range) } }

/// Task 8.3a: class weights.
final class ClassWeightsChecks: AttentionMapsCase {
  private static func size(_ labels: [Int], _ classes: Int) -> TrialSeries.Size {
    lists(["labels": labels], sizes: ["classCount": classes])
  }

  static func series(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "classWeights",
      sizes: { numbers in
        // every class occurs, and they are not of one size
        let three = [0, 0, 1, 2] + draw(numbers.integer(9...20), 0...2, &numbers)
        let (missing, classes) = (numbers.integer(0...3), numbers.integer(2...5))
        let gap = draw(15, 0...3, &numbers).filter { $0 != missing }
        return [
          size(three, 3), size(gap, 4), size(Array(repeating: 1, count: 6), 2), size([0], 1),
          size(draw(numbers.integer(10...40), 0...(classes - 1), &numbers), classes),
        ]
      }, smallest: [size([0], 1), size([0, 1], 2), size([0, 1, 1], 2), size([0, 0, 2], 3)],
      usual:
        size([0, 1, 2], 3))
  }

  func test3Values() throws {
    try check { session in
      let series = Self.series(session)
      try series.requireValues()
      for (label, classes) in [(3, 3), (-1, 2)] {
        try series.requireRefusal(
          [[abs(label)], [classes, classes - 1]], of: "the label \(label) among \(classes) classes"
        ) {
          _ = try session.askStudent(
            .forward(.init(isFirst: true)),
            about: .init("classWeights", sizes: ["classCount": classes]),
            [PipeTensor(name: "labels", shape: [2], integers: [0, Int32(label)])])
        }
      }
    }
  }
}

/// Task 8.3b: the challenge's score.
final class ChallengeScoreChecks: AttentionMapsCase {
  private static func size(_ labels: [Int], _ predictions: [Int]) -> TrialSeries.Size {
    lists(["labels": labels, "predictions": predictions])
  }

  static func series(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "challengeScore",
      sizes: { numbers in
        let count = numbers.integer(12...30)
        let labels = [0, 1, 2] + draw(count, 0...2, &numbers)
        let (absent, unpredicted) = (numbers.integer(0...2), numbers.integer(0...2))
        func others(_ c: Int) -> [Int] {
          draw(count + 3, 0...1, &numbers).map { (c + 1 + $0) % 3 }
        }
        return [
          size(labels, [0, 1, 2] + draw(count, 0...2, &numbers)),
          size(labels, labels), size(labels, labels.map { ($0 + 1) % 3 }),
          size(labels, others(unpredicted)), size(others(absent), labels),
          size(others(absent), others(absent)), size([2], [2]), size([0], [1]),
          size(labels, labels.map { numbers.integer(0...3) == 0 ? ($0 + 1) % 3 : $0 }),
        ]
      },
      smallest: [
        size([0], [0]), size([0], [1]), size([0, 1], [0, 0]), size([0, 1, 2], [0, 1, 1]),
      ],
      usual:
        size([0, 1, 2], [0, 1, 2]))
  }

  func test3Values() throws {
    try check { session in
      let series = Self.series(session)
      try series.requireValues()
      try series.requireRefusal([[4], [3]], of: "4 labels and 3 predictions") {
        _ = try session.askStudent(
          .forward(.init(isFirst: true)), about: .init("challengeScore"),
          [
            PipeTensor(name: "labels", shape: [4], integers: [0, 1, 2, 0]),
            PipeTensor(name: "predictions", shape: [3], integers: [0, 1, 2]),
          ])
      }
    }
  }
}

/// Task 8.4a: the receptive field.
final class ReceptiveFieldChecks: AttentionMapsCase {
  typealias Layers = (kernels: [Int], dilations: [Int], strides: [Int])

  private static func size(_ layers: Layers) -> TrialSeries.Size {
    lists([
      "kernelSizes": layers.kernels, "dilations": layers.dilations, "strides": layers.strides,
    ])
  }

  /// The course's network.
  private static func network(blocks: Int) -> Layers {
    (
      [16] + Array(repeating: 3, count: blocks), [1] + (0..<blocks).map { 1 << $0 },
      [4] + Array(repeating: 1, count: blocks)
    )
  }

  /// The paper's: 13 convolutions, and poolings of two behind the first, the sixth and the eleventh.
  private static let paper: Layers = {
    var layers: Layers = ([], [], [])
    func add(_ kernel: Int, _ dilation: Int, _ stride: Int) {
      layers.kernels.append(kernel)
      layers.dilations.append(dilation)
      layers.strides.append(stride)
    }
    let kernels = [24] + Array(repeating: 16, count: 4) + Array(repeating: 8, count: 8)
    for (index, kernel) in kernels.enumerated() {
      add(kernel, [1, 2, 4, 4, 4, 4, 6, 6, 6, 6, 8, 8, 8][index], 1)
      if [0, 5, 10].contains(index) { add(2, 1, 2) }
    }
    return layers
  }()

  static func series(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "receptiveField",
      sizes: { numbers in
        func random(_ count: Int) -> Layers {
          (
            draw(count, 1...9, &numbers), draw(count, 1...8, &numbers), draw(count, 1...3, &numbers)
          )
        }
        return [
          size(network(blocks: 7)), size(paper), size(([], [], [])), size(([5], [3], [2])),
          // strides at both ends, which the field does not and does depend on
          size(([3, 4, 2], [2, 1, 3], [2, 3, 2])), size(random(numbers.integer(2...8))),
          size(random(numbers.integer(2...8))),
        ]
      },
      smallest: [
        size(([], [], [])), size(([2], [1], [1])), size(([2], [2], [1])),
        size(([2, 2], [1, 1], [2, 1])),
      ],
      usual:
        size(network(blocks: 7)))
  }

  func test3Values() throws {
    try check { session in
      try Self.series(session).requireValues()
      for blocks in 1...2 { try requireMeasured(session, blocks: blocks) }
    }
  }

  /// The field of the course's network, as the inputs say that its gradient reaches, is what the student's function gives.
  private func requireMeasured(_ session: JudgeSession, blocks: Int) throws {
    let subject = Request.Subject(
      "DilatedMaps", sizes: ["channels": 4, "blocks": blocks, "classes": 1])
    let length = 160
    var numbers = session.numbers("field of \(blocks) blocks")
    let parameters = try session.askReference(.parameters(), about: subject).filter {
      !$0.name.hasPrefix("buffer:")
    }
    var drawn = MapDraws.numbers(parameters, [InputShape("input", [1, length, 1])], &numbers)
    // no ReLU may be closed: all that a β moves is small beside it
    drawn.parameters = drawn.parameters.map { parameter in
      parameter.name.hasSuffix("beta")
        ? parameter.mapValues { _ in 50 }
        : parameter.name.hasSuffix("W") ? parameter.mapValues { 0.02 * $0 } : parameter
    }
    var upstream = [Float](repeating: 0, count: length / 4)
    upstream[upstream.count / 2] = 1
    let gradients = try session.askReference(
      .backward(.init(isFirst: true)), about: subject,
      drawn.parameters.map { $0.renamed("parameter:" + $0.name) } + drawn.inputs
        + [PipeTensor(name: "upstream:maps", shape: [1, 1, upstream.count], values: upstream)])
    let reached = gradients.first { $0.name == "input" }.map { gradient in
      gradient.values.indices.filter { gradient.values[$0] != 0 }
    }
    guard let first = reached?.first, let last = reached?.last else {
      throw CheckFailure("the reference's field was not measured, which is the grader's fault")
    }
    let layers = Self.network(blocks: blocks)
    let named = [
      ("kernelSizes", layers.kernels), ("dilations", layers.dilations),
      ("strides", layers.strides),
    ]
    let answer = try session.askStudent(
      .forward(.init(isFirst: true)), about: .init("receptiveField"),
      named.map { name, list in
        PipeTensor(name: name, shape: [list.count], integers: list.map(Int32.init))
      })
    let own = answer.first { $0.name == "field" }?.integers?.first
    guard own == Int32(last - first + 1) else {
      throw CheckFailure(
        "of a network with the stem and \(blocks) block\(blocks == 1 ? "" : "s") your field is "
          + "\(own.map(String.init) ?? "missing"); a step of its map depends on \(last - first + 1) samples, as its "
          + "gradients say")
    }
  }
}
