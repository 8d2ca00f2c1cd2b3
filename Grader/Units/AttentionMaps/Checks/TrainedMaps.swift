import Examples
import Judge
import Signals
import TensorCore
import WorkerPipe

/// The submission's network with what it has learned, asked about strips that the judge makes: they are disguised as
/// the strips were that it was trained on, and what it says is turned back.
struct TrainedMaps {
  private let session: JudgeSession
  private var learned: [PipeTensor]
  private let hidden: GradingData.Hidden

  /// - Parameter learned: what its training's outcome has.
  init(_ session: JudgeSession, learned: [PipeTensor]) throws {
    self.session = session
    self.learned = learned
    hidden = try session.hiddenExamples()
  }

  /// The same network with each parameter's and buffer's numbers in a random order: what it has learned is gone,
  /// what else its maps show stays.
  func withShuffledNumbers() -> TrainedMaps {
    var numbers = session.numbers("shuffled numbers")
    var shuffled = self
    shuffled.learned = learned.map { tensor in
      PipeTensor(
        name: tensor.name, shape: tensor.shape,
        values: numbers.permutation(tensor.values.count).map { tensor.values[$0] })
    }
    return shuffled
  }

  /// The validation strips that have no padding, before their disguise, with their classes.
  var strips: [(values: [Float], label: Int)] { whole(hidden.validation) }
  /// Those that it was trained on.
  var trainedStrips: [(values: [Float], label: Int)] { whole(hidden.training) }

  private func whole(_ set: ExampleSet) -> [(values: [Float], label: Int)] {
    set.labels.indices.compactMap { index in
      let values = set.batch([index][...]).X.array
      return RhythmStrip.isWhole(values) ? (values, Int(set.labels[index])) : nil
    }
  }

  /// So many strips in a question, as in a batch of validation.
  private static let perQuestion = 50

  /// What the network says of strips: its maps, interpolated by the submission, and as logits their means.
  func answers(_ strips: [[Float]]) throws -> [MapTrials.Answer] {
    try stride(from: 0, to: strips.count, by: Self.perQuestion).flatMap { start in
      try part(Array(strips[start..<min(start + Self.perQuestion, strips.count)]))
    }
  }

  private func part(_ strips: [[Float]]) throws -> [MapTrials.Answer] {
    let length = strips.first?.count ?? 0
    let input = PipeTensor(
      name: "input", shape: [strips.count, length, 1], values: strips.flatMap(disguised))
    let maps = try result(
      "maps", of: "DilatedMaps", DilatedNetChecks.course, learned, input,
      expected: [strips.count, DilatedNetChecks.classes, length / DilatedNetChecks.stride])
    let whole = try result(
      "map", of: "interpolated", ["places": length], [], maps.renamed("M"),
      expected: [strips.count, DilatedNetChecks.classes, length])
    return strips.indices.map { strip in
      func row(_ tensor: PipeTensor, _ oneClass: Int) -> [Float] {
        // the class as the submission numbers it
        let place = Int(hidden.disguise.classes?[oneClass] ?? Int32(oneClass))
        let steps = tensor.shape[2]
        let first = (strip * DilatedNetChecks.classes + place) * steps
        return Array(tensor.values[first..<(first + steps)])
      }
      let classes = 0..<DilatedNetChecks.classes
      return MapTrials.Answer(
        logits: classes.map { oneClass in
          let map = row(maps, oneClass)
          return map.reduce(0, +) / Float(max(map.count, 1))
        }, maps: classes.map { hidden.disguise.inOldOrder(row(whole, $0)) })
    }
  }

  /// A strip as the network sees it. All have one gain, or a strip and what is masked of it would differ by that too.
  private func disguised(_ strip: [Float]) -> [Float] {
    var numbers = session.numbers("maps gain")
    let set = ExampleSet(
      [
        .init(
          Table(strip, rowShape: [1]), name: hidden.validation.inputs[0].name, firstRows: [0],
          extent: .window(strip.count))
      ], targets: .classes([0], count: DilatedNetChecks.classes))
    return hidden.disguise.disguised(set, &numbers).batch([0][...]).X.array
  }

  /// - Throws: `CheckFailure` where there is no such result, in that shape and finite.
  private func result(
    _ name: String, of model: String, _ configuration: [String: Int], _ parameters: [PipeTensor],
    _ input: PipeTensor, expected: [Int]
  ) throws -> PipeTensor {
    let results = try session.results(
      of: model, configuration: configuration, learned: parameters, [input])
    guard let result = results.first(where: { $0.name == name }), result.shape == expected else {
      throw CheckFailure(
        "after the training, \(name) is of shape \(results.first?.shape ?? []), expected \(expected)"
      )
    }
    guard result.values.allSatisfy(\.isFinite) else {
      throw CheckFailure("after the training, \(name) is infinite or not a number in places")
    }
    return result
  }
}
