import Examples
import NeuralNetworks
import TensorCore
import Training
import WorkerPipe
import XCTest

@testable import Coursework

/// What a worker answers about models and functions, in one process with the test.
final class WorkerTests: XCTestCase {
  /// As `Y = X W` with a mask, a loss of three inputs, a sampler, and a metric that is exact.
  private static let catalogue = Catalogue([
    .model("masked") { size, generator in
      try Linear(size.inputSize, size.outputSize, using: &generator)
    } _: { layer, inputs in
      let Y = try layer(inputs["X"])
      return [("Y", .tensor(try inputs.optional("mask").map { try Y * $0 } ?? Y))]
    },
    .model("tied") { _, _ in
      Tied()
    } _: { layer, inputs in
      // the weights are put in their own place
      layer.W = layer.W
      layer.U = layer.U * 1
      layer.b = layer.b + 1
      return [("Y", .tensor(try inputs["X"] * layer.W))]
    },
    .model("whispering") { _, generator in
      Whispering(using: &generator)
    } _: { _, _ in
      []
    },
    .model("halving") { _, generator in
      Halving(using: &generator)
    } _: { _, _ in
      []
    },
    .model("centred") { size, _ in
      Centred(movesAlways: try size.movesAlways == 1, holdsGraph: try size.holdsGraph == 1)
    } _: { layer, inputs in
      [("Y", .tensor(try layer(inputs["X"])))]
    },
    .function("triplet") { inputs, settings, _ in
      let near = try (inputs["anchor"] - inputs["positive"]).squared().sum(axis: 1)
      let far = try (inputs["anchor"] - inputs["negative"]).squared().sum(axis: 1)
      return [("loss", .tensor(try (near - far + settings.number("margin")).relu().mean()))]
    },
    .function("shuffle") { inputs, _, generator in
      let labels = try inputs.integers("labels")
      return [("indices", .integers(labels.map { $0 + Int32(generator.nextUniform() * 1000) }))]
    },
    .function("bounds") { _, settings, _ in
      let kinds = try settings.texts("kinds")
      return try zip(kinds, settings.numbers("lows")).map { kind, low in
        (kind, .tensor(Tensor(Float(low))))
      }
    },
    .function("logarithm") { inputs, _, _ in
      let x = try inputs["x"]
      guard x.array.allSatisfy({ $0 > 0 }) else { throw TensorError("logarithm", "not positive") }
      return [("y", .tensor(x.log()))]
    },
  ])

  /// Steps through a sequence, S ← S/2 + X, and is told on as compiled code is.
  private final class Halving: Module, Trainable {
    private let scale: Linear

    init(using generator: inout RandomGenerator) {
      scale = Linear(1, 1, using: &generator)
    }

    func predictions(_ batch: Batch) throws -> Predictions {
      var S = Tensor.zeros([batch.count, 1])
      Worksheet.listener?(S, "S", 1)
      for X in try batch.X.unstacked(axis: 1) {
        S = try S * 0.5 + scale(X)
        Worksheet.listener?(S, "S", 2)
        Worksheet.listener?("no tensor", "text", 3)
        Worksheet.listener?(S, "", 4)
      }
      return Predictions([("logits", S)])
    }
  }

  private var sequence: (description: TrainingQuestion.Description, tensors: [PipeTensor]) {
    let table = Table([1, 2, 4, 100], rowShape: [1])
    let examples = ExampleSet(
      [.init(table, firstRows: [0], extent: .window(3))],
      targets: .numbers([0], width: 1))
    return TrainingQuestion(train: examples, validation: examples).packed()
  }

  private static let halvingParameters = [
    PipeTensor(name: "parameter:scale.weight", shape: [1, 1], values: [1]),
    PipeTensor(name: "parameter:scale.bias", shape: [1], values: [0]),
  ]

  /// S is 1, then 1/2 + 2, then 5/4 + 4; the loss S₃² has the gradient 2 S₃ = 10.5 there, half of it a step
  /// before.
  func testVariablesByStep() throws {
    let found = try ask(
      .variables(sequence.description), .init("halving"),
      sequence.tensors + Self.halvingParameters)
    XCTAssertEqual(
      found,
      [
        PipeTensor(name: "value:2:S", shape: [3, 1, 1], values: [1, 2.5, 5.25]),
        PipeTensor(name: "gradient:2:S", shape: [3, 1, 1], values: [2.625, 5.25, 10.5]),
      ])
    XCTAssertNil(Worksheet.listener)
  }

  func testPredictionsWithGivenParameters() throws {
    let found = try ask(
      .predictions(sequence.description), .init("halving"),
      sequence.tensors + Self.halvingParameters)
    XCTAssertEqual(found, [PipeTensor(name: "logits", shape: [1, 1], values: [5.25])])
    // of what is no network nothing is predicted
    XCTAssertThrowsError(
      try ask(.predictions(sequence.description), .init("shuffle"), sequence.tensors)
    ) { XCTAssertTrue("\($0)".contains("shuffle is no network that can be trained"), "\($0)") }
  }

  /// A network one of whose predictions is called as parameters are on the pipe.
  private final class Whispering: Module, Trainable {
    private let linear: Linear

    init(using generator: inout RandomGenerator) { linear = Linear(1, 1, using: &generator) }

    func predictions(_ batch: Batch) throws -> Predictions {
      let logits = try linear(batch.X)
      return Predictions([("logits", logits), ("parameter:weight", logits)])
    }
  }

  /// Takes the mean away: the batch's while training, which moves the buffer by half of the way.
  private final class Centred: Module {
    @Parameter var w: Tensor
    @Buffer var mean: Tensor
    private let movesAlways: Bool
    private let holdsGraph: Bool

    init(movesAlways: Bool, holdsGraph: Bool) {
      (w, mean) = (.ones([1]), .zeros([1]))
      (self.movesAlways, self.holdsGraph) = (movesAlways, holdsGraph)
    }

    func callAsFunction(_ X: Tensor) throws -> Tensor {
      let ofBatch = try (X * w).mean().reshaped([1])
      if isTraining || movesAlways {
        let moved = try mean + 0.5 * (ofBatch - mean)
        mean = holdsGraph ? moved : moved.detached()
      }
      return try X * w - (isTraining ? ofBatch : mean)
    }
  }

  /// A layer with two parameters that are one tensor.
  private final class Tied: Module {
    @Parameter var W: Tensor
    @Parameter var U: Tensor
    @Parameter var b: Tensor
    @Parameter var c: Tensor

    override init() {
      let zeros = Tensor.zeros([1])
      (W, U, b, c) = (Tensor.ones([1]), Tensor.ones([1]), zeros, zeros)
      super.init()
    }
  }

  /// By its place among the parameters.
  func testAParameterThatIsAnotherComesByItsPlace() throws {
    let answers = try ask(.parameters(), .init("tied"))
    XCTAssertEqual(answers.map(\.name), ["W", "U", "b", "shared:c"])
    XCTAssertEqual(answers.last?.integers, [2])
  }

  /// Three calls add 3 to b; U is another tensor with the same numbers, and W is the same one.
  func testWhatACallDoesToParametersIsToldByKind() throws {
    var effects: SideEffects?
    let question = Request.ask(.forward(), about: .init("tied"))
    try Worker.answer(question, [X], Self.catalogue) { response, _ in
      if case .answer(let found) = response { effects = found }
    }
    XCTAssertEqual(effects, SideEffects(parameters: ["b"], replaced: ["U"]))
  }

  private func centred(movesAlways: Int = 0, holdsGraph: Int = 0) -> Request.Subject {
    .init("centred", sizes: ["movesAlways": movesAlways, "holdsGraph": holdsGraph])
  }

  private static let state = [
    PipeTensor(name: "parameter:w", shape: [1], values: [2]),
    PipeTensor(name: "parameter:mean", shape: [1], values: [8]),
    PipeTensor(name: "batch:0:X", shape: [2], values: [1, 1]),
    PipeTensor(name: "batch:1:X", shape: [1], values: [0.5]),
    PipeTensor(name: "X", shape: [2], values: [1, 5]),
  ]

  func testABufferComesByItsPlace() throws {
    let answers = try ask(.parameters(), centred())
    XCTAssertEqual(answers.map(\.name), ["w", "mean", "buffer:mean"])
    XCTAssertEqual(answers.last?.integers, [1])
  }

  /// The buffer goes from 8 half of the way to 2, to 1 and, while training, to 6.
  func testBatchesMoveBuffersWhichAnAnswerCanHave() throws {
    func found(isTraining: Bool, batches: Int = 2) throws -> [PipeTensor] {
      try ask(
        .forward(
          .init(isFirst: true, isTraining: isTraining, batches: batches, wantsState: true)),
        centred(), Self.state)
    }
    func expected(_ Y: [Float], mean: Float) -> [PipeTensor] {
      [
        PipeTensor(name: "Y", shape: [2], values: Y),
        PipeTensor(name: "state:w", shape: [1], values: [2]),
        PipeTensor(name: "state:mean", shape: [1], values: [mean]),
      ]
    }
    XCTAssertEqual(try found(isTraining: false), expected([-1, 7], mean: 3))
    XCTAssertEqual(try found(isTraining: true), expected([-4, 4], mean: 4.5))
    XCTAssertEqual(try found(isTraining: false, batches: 0), expected([-6, 2], mean: 8))
    XCTAssertThrowsError(try found(isTraining: true, batches: 3)) {
      XCTAssertTrue("\($0)".contains("has no batch 2 of 3"), "\($0)")
    }
  }

  /// While training Y = w (X − mean of X), whose gradients for upstream 1, 0 are w/2, −w/2 and −2.
  func testGradientsWhileTraining() throws {
    let upstream = PipeTensor(name: "upstream:Y", shape: [2], values: [1, 0])
    XCTAssertEqual(
      try ask(
        .backward(.init(isFirst: true, isTraining: true, wantsState: true)), centred(),
        Self.state + [upstream]),
      [
        PipeTensor(name: "X", shape: [2], values: [1, -1]),
        PipeTensor(name: "parameter:w", shape: [1], values: [-2]),
        PipeTensor(name: "state:w", shape: [1], values: [2]),
        PipeTensor(name: "state:mean", shape: [1], values: [7]),
      ])
    // at evaluation the buffer is a constant
    XCTAssertEqual(
      try ask(.backward(.init(isFirst: true)), centred(), Self.state + [upstream]).map(\.values),
      [[2, 0], [1]])
  }

  func testABufferThatMovesAtEvaluationOrHoldsItsGraphIsASideEffect() throws {
    func effects(_ subject: Request.Subject, isTraining: Bool) throws -> SideEffects? {
      var effects: SideEffects?
      let question = Request.ask(
        .forward(.init(isFirst: true, isTraining: isTraining)), about: subject)
      try Worker.answer(question, Self.state, Self.catalogue) { response, _ in
        if case .answer(let found) = response { effects = found }
      }
      return effects
    }
    XCTAssertNil(try effects(centred(), isTraining: true))
    XCTAssertNil(try effects(centred(), isTraining: false))
    XCTAssertEqual(
      try effects(centred(movesAlways: 1), isTraining: false), SideEffects(buffers: ["mean"]))
    XCTAssertEqual(
      try effects(centred(holdsGraph: 1), isTraining: true), SideEffects(attached: ["mean"]))
  }

  private func ask(
    _ question: Request.Question, _ subject: Request.Subject, _ tensors: [PipeTensor] = []
  ) throws -> [PipeTensor] {
    var answers: [(response: Response, tensors: [PipeTensor])] = []
    try Worker.answer(.ask(question, about: subject), tensors, Self.catalogue) {
      answers.append(($0, $1))
    }
    XCTAssertEqual(answers.count, 1)
    guard case .answer(let effects) = answers.first?.response else {
      XCTFail("\(answers)")
      return []
    }
    XCTAssertNil(effects)
    return answers[0].tensors
  }

  private let sizes: Settings = ["inputSize": 2, "outputSize": 1]
  private let X = PipeTensor(name: "X", shape: [2, 2], values: [1, 2, 3, 4])
  private let parameters = [
    PipeTensor(name: "parameter:weight", shape: [2, 1], values: [10, 1]),
    PipeTensor(name: "parameter:bias", shape: [1], values: [0.5]),
  ]

  /// Y = X W + b = [12.5, 34.5]; the second row is masked out, and with it its gradients.
  func testAModelOfTwoInputs() throws {
    let mask = PipeTensor(name: "mask", shape: [2, 1], values: [1, 0])
    let alone = try ask(.forward(), .init("masked", sizes), parameters + [X])
    XCTAssertEqual(alone, [PipeTensor(name: "Y", shape: [2, 1], values: [12.5, 34.5])])
    let masked = try ask(.forward(), .init("masked", sizes), parameters + [X, mask])
    XCTAssertEqual(masked, [PipeTensor(name: "Y", shape: [2, 1], values: [12.5, 0])])
    let upstream = PipeTensor(name: "upstream:Y", shape: [2, 1], values: [1, 1])
    let gradients = try ask(
      .backward(.init(warmUps: 3)), .init("masked", sizes), parameters + [X, mask, upstream])
    XCTAssertEqual(
      gradients,
      [
        PipeTensor(name: "X", shape: [2, 2], values: [10, 1, 0, 0]),
        PipeTensor(name: "mask", shape: [2, 1], values: [12.5, 34.5]),
        PipeTensor(name: "parameter:weight", shape: [2, 1], values: [1, 2]),
        PipeTensor(name: "parameter:bias", shape: [1], values: [1]),
      ])
  }

  /// |a − p|² − |a − n|² + margin = 1 − 4 + 5 = 2; its gradients are 2(n − p), 2(p − a), 2(a − n).
  func testALossOfThreeInputs() throws {
    let inputs = [
      PipeTensor(name: "anchor", shape: [1, 2], values: [1, 1]),
      PipeTensor(name: "positive", shape: [1, 2], values: [2, 1]),
      PipeTensor(name: "negative", shape: [1, 2], values: [1, 3]),
      PipeTensor(name: "upstream:loss", shape: [], values: [1]),
    ]
    let subject = Request.Subject("triplet", ["margin": 5])
    XCTAssertEqual(
      try ask(.forward(), subject, Array(inputs.prefix(3))),
      [PipeTensor(name: "loss", shape: [], values: [2])])
    XCTAssertEqual(
      try ask(.backward(), subject, inputs),
      [
        PipeTensor(name: "anchor", shape: [1, 2], values: [-2, 4]),
        PipeTensor(name: "positive", shape: [1, 2], values: [2, 0]),
        PipeTensor(name: "negative", shape: [1, 2], values: [0, -4]),
      ])
  }

  /// Integers come and go exactly, and the seed alone decides what is drawn.
  func testASampler() throws {
    let labels = PipeTensor(name: "labels", shape: [3], integers: [1 << 24 + 1, 5, 5])
    func draw(_ seed: UInt64) throws -> [Int32] {
      let answer = try ask(.forward(), .init("shuffle", seed: seed), [labels])
      XCTAssertEqual(answer.map(\.name), ["indices"])
      return try XCTUnwrap(answer.first?.integers)
    }
    XCTAssertEqual(try draw(1), try draw(1))
    XCTAssertNotEqual(try draw(1), try draw(2))
    var generator = RandomGenerator(seed: 3)
    XCTAssertEqual(
      try draw(3), [1 << 24 + 1, 5, 5].map { $0 + Int32(generator.nextUniform() * 1000) })
  }

  /// The call before the one that counts has the other sign, which a function may refuse.
  func testAFunctionThatTakesPositiveNumbersOnly() throws {
    let x = PipeTensor(name: "x", shape: [1], values: [1])
    XCTAssertEqual(
      try ask(.forward(), .init("logarithm"), [x]).map(\.values), [[0]])
    let negative = PipeTensor(name: "x", shape: [1], values: [-1])
    XCTAssertThrowsError(try ask(.forward(), .init("logarithm"), [negative])) {
      XCTAssertEqual("\($0)", "logarithm: not positive")
    }
  }

  /// Lists among the settings, of texts and of numbers, whole ones too.
  func testListsOfTextsAndNumbers() throws {
    let answer = try ask(
      .forward(), .init("bounds", ["kinds": ["a", "b"], "lows": [0.5, 2]]), [])
    XCTAssertEqual(answer.map(\.name), ["a", "b"])
    XCTAssertEqual(answer.map(\.values), [[0.5], [2]])
    let wrong: [(kinds: Setting, lows: Setting, says: String)] = [
      ("a", [1], "the setting kinds is not a list"),
      ([1], [1], "the setting kinds is not a list of texts"),
      (["a"], ["b"], "the setting lows is not a list of numbers"),
      (["a"], 3, "the setting lows is not a list"),
    ]
    for (kinds, lows, says) in wrong {
      XCTAssertThrowsError(
        try ask(.forward(), .init("bounds", ["kinds": kinds, "lows": lows]), [])
      ) { XCTAssertEqual("\($0)", "catalogue: \(says)") }
    }
  }

  func testWhatIsNotThereHasASentence() throws {
    func message(_ subject: Request.Subject, _ tensors: [PipeTensor]) -> String {
      do {
        _ = try ask(.forward(), subject, tensors)
        return ""
      } catch { return "\(error)" }
    }
    XCTAssertEqual(
      message(.init("relu"), []),
      "catalogue: there is no relu. There are bounds, centred, halving, logarithm, masked, shuffle, tied, triplet, "
        + "whispering"
    )
    XCTAssertEqual(message(.init("masked"), [X]), "catalogue: the setting inputSize is missing")
    XCTAssertEqual(
      message(.init("triplet", ["margin": "wide"]), []), "worker: the request has no anchor")
    XCTAssertEqual(
      message(.init("masked", ["inputSize": 2.5, "outputSize": 1]), [X]),
      "catalogue: the setting inputSize is not an integer")
    XCTAssertEqual(message(.init("shuffle"), [X]), "worker: the request has no labels")
  }

  /// What a network says is not taken for what it learned.
  func testAPredictionIsNoParameter() throws {
    let set = ExampleSet(
      [.init(Table([1, 2], rowShape: [1]), firstRows: [0, 1], extent: .row)],
      targets: .classes([0, 1], count: 2))
    let (description, tensors) = TrainingQuestion(train: set, validation: set).packed()
    let training = Request.TrainingRequest(
      Recipe(epochs: 1, seed: 1), on: description, keeps: .parameters)
    XCTAssertThrowsError(try ask(.train(training), .init("whispering"), tensors)) {
      XCTAssertEqual(
        "\($0)", "predict: the prediction parameter:weight has a colon in its name")
    }
  }

  /// A function has no parameters, and cannot be trained.
  func testAFunctionHasNoParameters() throws {
    XCTAssertEqual(try ask(.parameters(), .init("triplet", ["margin": 1])), [])
    let set = ExampleSet(
      [.init(Table([1], rowShape: [1]), firstRows: [0], extent: .row)], targets: .none)
    let (description, tensors) = TrainingQuestion(train: set, validation: set).packed()
    let training = Request.TrainingRequest(
      Recipe(epochs: 1, seed: 1), on: description, keeps: .nothing)
    XCTAssertThrowsError(try ask(.train(training), .init("triplet"), tensors)) {
      XCTAssertEqual("\($0)", "worker: triplet is no network that can be trained")
    }
  }
}
