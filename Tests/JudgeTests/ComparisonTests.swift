import WorkerPipe
import XCTest

@testable import Assignment
@testable import Judge
@testable import Workers

/// What counts as the same numbers, and what is said when they are not.
final class ComparisonTests: XCTestCase {
  private func tensor(_ shape: [Int], _ values: [Float]) -> PipeTensor {
    PipeTensor(name: "H", shape: shape, values: values)
  }

  /// The axes of a recurrent layer's states, and of its outputs.
  private static let axes: [Int: [Axis]] = [2: [.sample, .unit], 3: [.sample, .step, .unit]]

  private func message(_ actual: PipeTensor?, _ expected: PipeTensor) -> String? {
    do {
      try Comparison.require(
        actual, equals: expected, called: "H", axes: Self.axes[expected.shape.count],
        followed: .step)
      return nil
    } catch { return error.message }
  }

  func testEqualNumbersPass() {
    XCTAssertNil(message(tensor([2, 2], [1, 2, 3, 4]), tensor([2, 2], [1, 2, 3, 4])))
  }

  func testShapesAreComparedBeforeValues() {
    XCTAssertEqual(
      message(tensor([4], [1, 2, 3, 4]), tensor([2, 2], [1, 2, 3, 4])),
      "H has shape [4], expected [2, 2]")
    XCTAssertEqual(message(nil, tensor([1], [1])), "H is missing from the answer")
    XCTAssertEqual(
      message(tensor([2], [1]), tensor([2], [1, 2])), "H has 1 numbers instead of 2")
  }

  func testTheMessageNamesPlaceNumbersAndTolerance() {
    // the largest expected number is 4, so that 1e-4 · 4 + 1e-7 is allowed
    XCTAssertEqual(
      message(tensor([2, 2], [1, 2, 3.5, 4]), tensor([2, 2], [1, 2, 3, 4])),
      "H at [sample 1, unit 0]: yours 3.500, expected 3.000 (tolerance 4.001e-04); 1 of 4 numbers differ"
    )
  }

  /// A result that says so is compared more closely, and no more closely than a float can be.
  func testAResultHasATolerance() {
    XCTAssertEqual(Port("score", []).tolerance, 1e-4)
    XCTAssertEqual(Port("score", [], tolerance: 1e-9).tolerance, 1e-6)
    let subject = Subject(
      "figure", inputs: [Port("x", [])],
      results: [Port("score", [], tolerance: 1e-6), Port("other", [])])
    XCTAssertEqual(subject.tolerance(of: "score"), 1e-6)
    XCTAssertEqual(subject.tolerance(of: "other"), 1e-4)
    let (right, near) = (tensor([1], [0.5]), tensor([1], [0.50001]))
    XCTAssertTrue(Comparison.agree(near, right))
    XCTAssertFalse(Comparison.agree(near, right, tolerance: 1e-6))
    XCTAssertTrue(Comparison.agree(tensor([1], [0.5000004]), right, tolerance: 1e-6))
    XCTAssertNoThrow(try Comparison.require(near, equals: right, called: "score"))
    XCTAssertThrowsError(
      try Comparison.require(near, equals: right, called: "score", tolerance: 1e-6)
    ) { XCTAssertTrue("\($0)".contains("tolerance 6.000e-07"), "\($0)") }
  }

  /// One index an axis, with a noun where it has one.
  func testAPlaceHasAnIndexForEachAxis() {
    let shape = [2, 3, 4]
    XCTAssertEqual(Comparison.place(17, shape), " at [1, 1, 1]")
    XCTAssertEqual(
      Comparison.place(17, shape, [.sample, .unnamed, .label]), " at [sample 1, 1, class 1]")
    XCTAssertEqual(Comparison.place(17, shape, [.sample]), " at [1, 1, 1]", "axes of another rank")
    XCTAssertEqual(Comparison.place(0, []), "")
  }

  /// What is called on the numbers alone is told so to the worker.
  func testAFunctionThatIsCalledOnce() {
    XCTAssertTrue(Calling(isOnce: true).calls(isFirst: false, wantsState: false).isFirst)
    XCTAssertFalse(Calling().calls(isFirst: false, wantsState: false).isFirst)
  }

  func testReportsHaveTheNumbersApartFromTheMessage() {
    XCTAssertThrowsError(
      try Comparison.require(
        tensor([2, 2], [1, 2, 3.5, 4]), equals: tensor([2, 2], [1, 2, 3, 4]), called: "H",
        axes: Self.axes[2])
    ) {
      XCTAssertEqual(
        ($0 as? CheckFailure)?.difference,
        NumberDifference(
          quantity: "H at [sample 1, unit 0]", yours: "3.500", expected: "3.000",
          tolerance: "4.001e-04",
          wrong: 1, count: 4))
    }
  }

  /// The number of a layer's first wrong step is named, though that of the last is further off.
  func testOutputsNameTheirFirstWrongStep() {
    func outputs(_ values: [Float]) -> PipeTensor {
      PipeTensor(name: "outputs", shape: [1, 3, 1], values: values)
    }
    XCTAssertEqual(
      message(outputs([1, 2.5, 9]), outputs([1, 2, 3])),
      "H at [sample 0, step 1, unit 0]: yours 2.500, expected 2.000 (tolerance 3.001e-04); "
        + "2 of 3 numbers differ, none before step 1")
  }

  func testTwoNumbersThatDifferLookDifferent() {
    XCTAssertEqual(
      message(tensor([1], [12.336489]), tensor([1], [12.335205])),
      "H: yours 12.336489, expected 12.335205 (tolerance 0.001234); 1 of 1 numbers differ"
        .replacing("H:", with: "H at [0]:"))
  }

  func testTheToleranceHasAnEdge() {
    XCTAssertNil(message(tensor([1], [1.00009]), tensor([1], [1])))
    XCTAssertNotNil(message(tensor([1], [1.00012]), tensor([1], [1])))
  }

  /// The tolerance of a gradient that is nearly zero is that of a twentieth of the largest one.
  func testSmallGradientsHaveTheScaleOfTheOthers() {
    let (weights, bias) = (tensor([2], [-10, 2]), tensor([1], [0.001]))
    let scale = Comparison.gradientScale([weights, bias])
    XCTAssertEqual(scale, 0.5)
    XCTAssertTrue(Comparison.agree(tensor([1], [0.00104]), bias, scale: scale))
    XCTAssertFalse(Comparison.agree(tensor([1], [0.00106]), bias, scale: scale))
    XCTAssertFalse(Comparison.agree(tensor([1], [0.00104]), bias))
    XCTAssertFalse(Comparison.agree(tensor([2], [-10.0011, 2]), weights, scale: scale))
  }

  func testNotANumberIsNeverRight() {
    for value in [Float.nan, .infinity, -.infinity] {
      XCTAssertNotNil(message(tensor([2], [1, value]), tensor([2], [1, 2])), "\(value)")
    }
    XCTAssertNotNil(message(tensor([1], [.nan]), tensor([1], [.nan])))
  }

  /// A reference that overflowed must not make every answer right.
  func testAnExpectedInfinityIsNoLicence() {
    for value in [Float.infinity, -.infinity, .nan] {
      XCTAssertNotNil(message(tensor([2], [5, 7]), tensor([2], [1, value])), "\(value)")
      XCTAssertNotNil(message(tensor([2], [1, value]), tensor([2], [1, value])), "\(value)")
    }
  }

  // MARK: - Which parameter is which

  func testATensorThatNoGradientReachesIsNamed() {
    func named(_ name: String, _ values: [Float]) -> PipeTensor {
      PipeTensor(name: "parameter:" + name, shape: [2], values: values)
    }
    let expected = [named("W_hi", [1, 2]), named("W_ho", [0, 1]), named("W_hh", [0, 0])]
    // of one step alone the first state is zero, so that W_hh's right gradient is zero as well
    let unreached = UnreachedGradients(
      [named("W_hi", [5, 0]), named("W_ho", [0, 0]), named("W_hh", [0, 0])], expected: expected)
    XCTAssertEqual(unreached?.parameters, ["W_ho"])
    XCTAssertEqual(unreached?.failure.message, "no gradient reaches W_ho, one of 3 parameters")
    XCTAssertNil(UnreachedGradients([named("W_hi", [5, 0])], expected: expected))
  }

  /// Once for all, by the student's names, with the layer or the part that they are of.
  func testTensorsThatNoGradientReachesAreSaidOnce() {
    func gradients(_ names: [String], without none: [String]) -> [PipeTensor] {
      names.map {
        PipeTensor(name: $0, shape: [1], values: [none.contains($0) ? 0 : 1])
      }
    }
    func message(
      _ names: [String], without none: [String], part: ((String) -> String?)? = nil
    ) -> String? {
      UnreachedGradients(
        gradients(names, without: none), expected: gradients(names, without: []),
        names: ["b": "bias"], part: part)?.failure.message
    }
    let layer = ["input", "parameter:W", "parameter:U", "parameter:b"]
    XCTAssertNil(message(layer, without: []))
    XCTAssertEqual(
      message(layer, without: layer), "no gradient reaches any of the 3 parameters, nor the input")
    XCTAssertEqual(
      message(layer, without: Array(layer.dropFirst())),
      "no gradient reaches any of the 3 parameters, though one reaches the input")
    XCTAssertEqual(message(layer, without: ["input"]), "no gradient reaches the input")
    XCTAssertEqual(
      message(layer, without: ["input", "parameter:b"]),
      "no gradient reaches bias, one of 3 parameters")
    XCTAssertEqual(
      message(layer, without: ["parameter:W", "parameter:b"]) { $0 == "W" ? "the gate" : nil },
      "no gradient reaches 2 of the 3 parameters: W (the gate) and bias")
    let network = ["lower.0.W", "lower.0.b", "lower.1.W", "upper.W"].map { "parameter:" + $0 }
    XCTAssertEqual(
      message(network, without: Array(network.prefix(3))),
      "no gradient reaches any of the 3 parameters of lower: lower.0.W, lower.0.b and lower.1.W")
    XCTAssertEqual(
      message(network, without: [network[1], network[2]]),
      "no gradient reaches 2 of the 4 parameters: lower.0.b and lower.1.W")
    XCTAssertEqual(
      message(["input", "parameter:W"], without: ["parameter:W"]),
      "no gradient reaches the parameter W, though one reaches the input")
  }

  func testNamesAreListed() {
    XCTAssertEqual(NameList.text([]), "")
    XCTAssertEqual(NameList.text(["a"]), "a")
    XCTAssertEqual(NameList.text(["a", "b", "c"], atMost: 2), "a, b and c")
    XCTAssertEqual(NameList.text(["a", "b", "c", "d"], atMost: 2), "a, b and 2 more")
  }

  func testOfWhatWasPrintedTheBeginningIsShown() {
    XCTAssertEqual(SelfCheck.excerpt("a\nb", lines: 2), "a\nb")
    XCTAssertEqual(SelfCheck.excerpt("a\nb\nc\nd", lines: 2), "a\nb\n… and 2 lines more")
  }

  func testParametersMatchByNameThenByLastPartThenByShape() throws {
    let reference = [
      PipeTensor(name: "lstm.W_xi", shape: [2, 3], values: []),
      PipeTensor(name: "linear.layers.0.weight", shape: [3, 3], values: []),
      PipeTensor(name: "linear.layers.2.weight", shape: [3, 1], values: []),
    ]
    let student = [
      PipeTensor(name: "head.weight", shape: [3, 1], values: []),
      PipeTensor(name: "cell.W_xi", shape: [2, 3], values: []),
      PipeTensor(name: "hidden.w", shape: [3, 3], values: []),
    ]
    XCTAssertEqual(
      try ParameterMatch(student: student, reference: reference).names,
      [
        "lstm.W_xi": "cell.W_xi", "linear.layers.0.weight": "hidden.w",
        "linear.layers.2.weight": "head.weight",
      ])
  }

  /// Of layers in a list the names are places: a layer in between moves all behind it, also onto names that are another's.
  func testLayersOfAListAreMatchedByTheirOrder() throws {
    func layers(_ places: [Int]) -> [PipeTensor] {
      places.map { PipeTensor(name: "layers.\($0).weight", shape: [2, 2], values: [0, 0, 0, 0]) }
    }
    XCTAssertEqual(
      try ParameterMatch(student: layers([0, 2, 4, 6]), reference: layers([0, 2, 4, 8])).names,
      [
        "layers.0.weight": "layers.0.weight", "layers.2.weight": "layers.2.weight",
        "layers.4.weight": "layers.4.weight", "layers.8.weight": "layers.6.weight",
      ])
    XCTAssertEqual(
      try ParameterMatch(student: layers([0, 2, 4, 6]), reference: layers([0, 4, 6, 8])).names[
        "layers.4.weight"], "layers.2.weight")
  }

  func testMissingAndUnexpectedParametersAreListed() {
    let reference = [PipeTensor(name: "b_i", shape: [3], values: [])]
    XCTAssertThrowsError(
      try ParameterMatch(
        student: [PipeTensor(name: "b_i", shape: [4], values: [])], reference: reference)
    ) {
      XCTAssertEqual(
        ($0 as? CheckFailure)?.message,
        "the parameters are not those of the task; missing: b_i [3]; not expected: b_i [4]")
    }
    XCTAssertThrowsError(try ParameterMatch(student: [], reference: reference)) {
      XCTAssertTrue(($0 as? CheckFailure)?.message.contains("has no parameters") == true)
    }
  }

  func testAParameterThatIsTheSameTensorAsAnotherIsNamed() {
    func named(_ name: String) -> PipeTensor { PipeTensor(name: name, shape: [3], values: []) }
    func shared(_ name: String, _ place: Int32) -> PipeTensor {
      PipeTensor(name: "shared:" + name, shape: [], integers: [place])
    }
    let reference = ["a", "b", "c", "d"].map(named)
    func failure(_ student: [PipeTensor]) -> CheckFailure? {
      do {
        _ = try ParameterMatch(student: student, reference: reference)
        return nil
      } catch { return error as? CheckFailure }
    }
    let found = failure([named("a"), named("b"), shared("c", 1), shared("d", 1)])
    XCTAssertEqual(
      found?.message,
      "the parameters are not those of the task; missing: c [3], d [3]")
    XCTAssertEqual(
      found?.diagnosis,
      "c and d are the same tensor as b, and so one parameter: make a new tensor for each")
    let alone = failure([named("a"), named("b"), named("c")])
    XCTAssertEqual(
      alone?.message,
      "the parameters are not those of the task; missing: d [3]; is it declared with @Parameter, and kept as a "
        + "property?")
    XCTAssertNil(alone?.diagnosis)
    // a place that is none
    XCTAssertNil(failure([named("a"), named("b"), named("c"), shared("d", 9)])?.diagnosis)
    // the reference may share where the task says so
    XCTAssertNil(failure(reference + [shared("e", 0)]))
  }

  // MARK: - Where a program stopped

  func testABacktraceNamesReasonAndTheStudentsLine() throws {
    let text = """
      Swift/ContiguousArrayBuffer.swift:692: Fatal error: Index out of range
      Thread 0 "worker" crashed:
      2 [ra] 0x00007f Array.subscript.getter + 84 in libswiftCore.so
      3 [ra] 0x000056 Means.callAsFunction(_:) + 32 in worker at /build/Means.swift:66:20
      4 [ra] 0x000056 main + 78 in worker at /build/Worker.swift:12:14
      """
    let trace = Backtrace(text, files: ["Means.swift", "Sums.swift"])
    XCTAssertEqual(trace.reason, "Index out of range")
    XCTAssertEqual(trace.place, SourcePlace(file: "Means.swift", line: 66))
    XCTAssertNil(Backtrace("it went well at home", files: ["Means.swift"]).place)
    // kernels write their sentences themselves
    let kernel = Backtrace("Fatal error: conv1d: there is no memory for 9 numbers", files: [])
    XCTAssertEqual(kernel.reason, "conv1d: there is no memory for 9 numbers")
    let assertion = Backtrace("A.swift:3: Precondition failed: no\n", files: [])
    XCTAssertEqual(assertion.reason, "Precondition failed: no")
    // anyone can print
    let long =
      "Fatal error: \u{1b}[31mred\u{202e}" + String(repeating: "e\u{301}\u{302}", count: 9999)
    let hostile = try XCTUnwrap(Backtrace(long, files: []).reason)
    XCTAssertTrue(hostile.hasPrefix("\u{fffd}[31mred"), hostile)
    XCTAssertLessThan(hostile.unicodeScalars.count, 320)
  }

  // MARK: - Numbers

  func testNumbersFollowFromSeedAndNameAlone() {
    var first = SeededNumbers(seed: 5, name: "a")
    var second = SeededNumbers(seed: 5, name: "a")
    XCTAssertEqual(first.normal("x", [3]), second.normal("x", [3]))
    var otherName = SeededNumbers(seed: 5, name: "b")
    var otherSeed = SeededNumbers(seed: 6, name: "a")
    let numbers = SeededNumbers(seed: 5, name: "a")
    var again = numbers
    let drawn = again.normal("x", [3])
    XCTAssertNotEqual(otherName.normal("x", [3]), drawn)
    XCTAssertNotEqual(otherSeed.normal("x", [3]), drawn)
  }

  /// Computed apart from this code: SHA-256 by hashlib, NumPy's MT19937 seeded by that array, Box and Muller in double
  /// precision, PyTorch's `randperm`.
  func testNumbersAreTheSameOnEveryRun() {
    var values = SeededNumbers(seed: 7, name: "LSTM values")
    let drawn = values.normal("x", [2, 2]).values
    let expected: [Float] = [-0.868_277_0, 0.568_684_8, -0.863_147_6, 0.090_389_3]
    for (got, expected) in zip(drawn, expected) {
      XCTAssertEqual(got, expected, accuracy: 2e-6)
    }
    var order = SeededNumbers(seed: 7, name: "order")
    XCTAssertEqual(order.permutation(8), [1, 0, 7, 6, 2, 5, 3, 4])
  }

  /// What students read of them.
  func testNumbersAndCountsInSentences() {
    XCTAssertEqual(Comparison.number(-.nan), "nan")
    XCTAssertEqual(Comparison.number(-.infinity), "-inf")
    XCTAssertEqual(
      [(1, "query"), (2, "query"), (1, "step"), (3, "step")].map(SmallestExperiment.counted),
      ["1 query", "2 queries", "1 step", "3 steps"])
  }
}
