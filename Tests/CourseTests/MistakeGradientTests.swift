import JudgedNumbers
import TensorCore
import WorkerPipe
import XCTest

@testable import Judge
@testable import RecurrentNetworksChecks

/// The gradients that the book of mistakes computes.
final class MistakeGradientTests: XCTestCase {
  private let book = VariantBook.recurrentNetworks

  private func experiment(seed: UInt64) throws -> ModelCheck.Experiment {
    var numbers = SeededNumbers(seed: seed, name: "gradients")
    let parameters = ["i", "f", "o", "c"].flatMap { letter in
      [
        numbers.normal("W_x" + letter, [3, 2], standardDeviation: 0.5),
        numbers.normal("W_h" + letter, [2, 2], standardDeviation: 0.5),
        numbers.normal("b_" + letter, [2]),
      ]
    }
    var experiment = ModelCheck.Experiment(
      parameters: parameters, inputs: [numbers.normal("input", [2, 4, 3])],
      match: try ParameterMatch(student: parameters, reference: parameters))
    experiment.upstream = [
      numbers.normal("upstream:outputs", [2, 4, 2]), numbers.normal("upstream:H", [2, 2]),
      numbers.normal("upstream:C", [2, 2]),
    ]
    return experiment
  }

  /// The sum of all results, each with its upstream gradient, in double precision.
  private func value(_ mistake: KnownMistake, _ experiment: ModelCheck.Experiment) throws -> Double
  {
    let results = try book.results(of: "LSTM", with: mistake, experiment)
    return experiment.upstream.reduce(0) { sum, upstream in
      let values = results.first { "upstream:" + $0.name == upstream.name }?.values ?? []
      return sum + zip(values, upstream.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
  }

  /// Every mistake in the values has the gradients of its own function: by central differences,
  /// which single precision and a step of 0.01 leave right to a hundredth.
  func testTheGradientsOfAMistakeAreThoseOfItsFunction() throws {
    let experiment = try experiment(seed: 3)
    let right = try book.results(of: "LSTM", with: .none, experiment)
    // at the kinks of these, differences say nothing
    let kinks = ["relu", "hard"]
    var compared = 0
    for mistake in book.mistakes(of: "LSTM")
    where mistake.isSingle && !mistake.showsOnlyInGradients
      && !kinks.contains(where: mistake.ids[0].contains) && mistake.ids != ["state-kept"]
    {
      let results = try? book.results(of: "LSTM", with: mistake, experiment)
      guard results?.map(\.shape) == right.map(\.shape) else { continue }
      let gradients = try book.gradients(of: "LSTM", with: mistake, experiment)
      for (place, name) in ["W_xi", "W_hi", "b_i", "W_xf", "W_hf", "b_f"].enumerated() {
        let gradient = try XCTUnwrap(gradients.first { $0.name == "parameter:" + name })
        func moved(_ step: Float) throws -> Double {
          var other = experiment
          var values = other.parameters[place].values
          values[0] += step
          other.parameters[place] = PipeTensor(
            name: name, shape: other.parameters[place].shape, values: values)
          return try value(mistake, other)
        }
        // two steps of different length, so that curvature cancels (Richardson)
        let wide = (try moved(0.02) - moved(-0.02)) / 0.04
        let narrow = (try moved(0.01) - moved(-0.01)) / 0.02
        let quotient = (4 * narrow - wide) / 3
        XCTAssertEqual(
          Double(gradient.values[0]), quotient, accuracy: 0.01 * max(1, abs(quotient)),
          "\(mistake.ids), \(name)")
        compared += 1
      }
    }
    XCTAssertGreaterThan(compared, 400)
  }

  /// What is detached has the right values and other gradients.
  func testMistakesOfGradientsHaveTheRightValues() throws {
    let experiment = try experiment(seed: 4)
    let right = KnownMistake.none
    let values = try book.results(of: "LSTM", with: right, experiment)
    let gradients = try book.gradients(of: "LSTM", with: right, experiment)
    let hidden = book.mistakes(of: "LSTM").filter {
      $0.showsOnlyInGradients && $0.isSingle
    }
    XCTAssertEqual(hidden.count, 6)
    for mistake in hidden {
      XCTAssertEqual(try book.results(of: "LSTM", with: mistake, experiment), values)
      let others = try book.gradients(of: "LSTM", with: mistake, experiment)
      XCTAssertFalse(
        zip(others, gradients).allSatisfy { Comparison.agree($0, $1) }, "\(mistake.ids)")
    }
  }

  /// Of several explanations only what all of them have in them is said.
  func testWhatIsNotToldApartIsNotSaid() {
    func known(_ ids: String...) -> KnownMistake {
      KnownMistake(ids.map { NamedMistake($0, "it has \($0)") })
    }
    XCTAssertNil(MistakeSearch.certain([]))
    XCTAssertEqual(MistakeSearch.certain([known("a")])?.sentence, "it has a")
    XCTAssertEqual(MistakeSearch.certain([known("a", "b")])?.sentence, "it has a; and it has b")
    XCTAssertNil(MistakeSearch.certain([known("a"), known("b")]))
    XCTAssertEqual(MistakeSearch.certain([known("a", "b"), known("c", "a")]), known("a"))
    // the same words do not make two mistakes one
    XCTAssertNil(
      MistakeSearch.certain([
        KnownMistake([NamedMistake("a", "it is wrong")]),
        KnownMistake([NamedMistake("b", "it is wrong")]),
      ]))
  }

  func testPackedTensorsComeBackAsTheyWere() {
    let tensors = [
      PipeTensor(name: "H", shape: [2, 1], values: [1, 2]),
      PipeTensor(name: "s", shape: [], values: [3]), PipeTensor(name: "e", shape: [0], values: []),
    ]
    XCTAssertEqual(
      PackedTensors.unpacked(PackedTensors.packed(tensors), names: tensors.map(\.name)), tensors)
    let long = PipeTensor(name: "l", shape: [32], values: (0..<32).map(Float.init))
    let sample = SampledTensor.of(long, size: PackedTensors.samples)
    XCTAssertEqual(sample.values, (0..<16).map { Float(2 * $0) })
    XCTAssertEqual(sample.shape, [32])
  }
}
