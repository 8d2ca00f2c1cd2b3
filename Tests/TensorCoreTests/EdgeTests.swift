import Foundation
import TensorCore
import TestSupport
import XCTest

/// Every operation at the edges of single precision, against PyTorch in float32
/// (`Tests/Reference/edge_operations.py`), and in whatever mode the caller's thread is.
final class EdgeTests: XCTestCase {
  /// Results and gradients in which some element is not PyTorch's, and why; `Documentation/numerics.md` has
  /// the same list. One that agrees throughout has to leave it.
  private static let differing: [String: String] = [
    "adaptiveAveragePool2d out":
      "the sum is taken in double: a mean of finite numbers is finite, where PyTorch's float sum overflows",
    "batchMean out":
      "the sum is taken in double, and from the channel's first element on: finite where PyTorch's overflows, NaN where that element is infinite",
    "batchNorm out":
      "a channel of equal numbers is exactly constant, and one whose variance floats cannot hold is NaN, where PyTorch gives what rounding left, or 0",
    "batchNorm grad0":
      "follows from the result",
    "batchNorm grad1":
      "follows from the result",
    "batchNormGiven out":
      "x − mean is taken first: equal numbers give 0, where PyTorch's scaled difference overflows or cancels",
    "batchNormGiven grad0":
      "a mean that is no number makes the gradient NaN too; PyTorch's does not depend on the mean",
    "binaryCrossEntropyWithLogits grad0":
      "an infinite target, which nobody promises anything for",
    "binaryCrossEntropyWithLogits thrown":
      "the mean of nothing is refused with a sentence",
    "conv1d out":
      "overflow of a partial sum depends on the order of adding",
    "crossEntropy out":
      "classes are weighed before they are added: finite where PyTorch's sum overflows",
    "crossEntropy thrown":
      "the mean of nothing is refused with a sentence",
    "elu grad0":
      "NaN in every place; PyTorch passes g on in the last few elements of a loop",
    "exp out":
      "denormal results are kept",
    "gelu out":
      "∞ stays ∞ and 3e38 finite, where PyTorch's x · (1 + erf) overflows",
    "globalAveragePool out":
      "the sum is taken in double: a mean of finite numbers is finite",
    "layerNorm out":
      "a row whose variance floats hold only scaled is normalised, where PyTorch's squares overflow",
    "layerNorm grad0":
      "follows from the result",
    "linspaceBetween out":
      "the ends are what was asked for; PyTorch subtracts infinities",
    "log out":
      "denormal arguments have their logarithm, negative ones NaN; where denormals are zero PyTorch gives −∞",
    "logSumExp grad0":
      "a row of −∞ alone has the gradient 0, PyTorch's is NaN: a row that is masked out changes nothing",
    "mean out":
      "the sum is taken in double: a mean of finite numbers is finite",
    "meanByLengths thrown":
      "the mean of nothing is refused with a sentence",
    "meanSquaredError grad0":
      "2 · g is taken first: finite where PyTorch's 2 · (x − t) overflows",
    "meanSquaredError grad1":
      "2 · g is taken first: finite where PyTorch's 2 · (x − t) overflows",
    "meanSquaredError thrown":
      "the mean of nothing is refused with a sentence",
    "numberDiv grad0":
      "−g · (a / b) / b, where PyTorch squares a reciprocal that overflows, or is zero",
    "powFloat grad0":
      "pow(−0.5) has the gradient of reciprocalSquareRoot, which differs from PyTorch's at −0 and −∞",
    "powFloat out":
      "a negative denormal to a power that is not whole is NaN; where denormals are zero PyTorch gives 0",
    "powTensor grad1":
      "a power below the smallest normal number counts as 0 before it is multiplied by its logarithm",
    "product out":
      "multiplied in double: finite where a product of floats overflows on the way",
    "product grad0":
      "follows from the result: products of the other factors are taken in double too",
    "sigmoid out":
      "denormal results are kept",
    "softplus out":
      "denormal results are kept",
  ]

  func testEveryCaseOfTheGrid() throws {
    let cases = try EdgeGrid().cases
    XCTAssertEqual(cases.count, 840)
    var found: Set<String> = []
    for entry in cases {
      for mismatch in entry.mismatches() {
        let (place, text) = mismatch.description
        found.insert("\(entry.op) \(place)")
        if Self.differing["\(entry.op) \(place)"] == nil { XCTFail("\(entry.name): \(text)") }
      }
    }
    XCTAssertEqual(
      Set(Self.differing.keys).subtracting(found), [], "agrees now: take it from the list")
  }

  /// The page says of each difference what the list says, and of no other.
  func testThePageListsEveryDifferenceWithItsReason() throws {
    let page = try String(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Documentation/numerics.md").standardizedFileURL, encoding: .utf8)
    let begin = try XCTUnwrap(page.range(of: "<!-- differences -->\n"))
    let end = try XCTUnwrap(page.range(of: "\n<!-- end of differences -->"))
    let listed = page[begin.upperBound..<end.lowerBound].split(separator: "\n").dropFirst(2)
    let expected = Self.differing.sorted { $0.key < $1.key }.map { place, reason in
      let words = place.split(separator: " ")
      let part =
        switch words[1] {
        case "out": "result"
        case "thrown": "refused"
        default: "gradient of operand \((Int(words[1].dropFirst(4)) ?? 0) + 1)"
        }
      return "| `\(words[0])` | \(part) | \(reason) |"
    }
    XCTAssertEqual(listed.map(String.init), expected, "the page's lines are to be these")
    for (place, reason) in Self.differing {
      XCTAssertGreaterThan(reason.count, 15, "\(place) has no reason")
    }
  }

  /// The processor's mode is the caller's business: it is as before after every operation, and results
  /// are the same bits whatever it is: rounding upwards, or with denormals that are zero.
  func testTheCallersModeIsKeptAndDoesNotMatter() throws {
    defer { fesetround(FE_TONEAREST) }
    for entry in try EdgeGrid().cases where !entry.raises {
      guard let before = try? bits(entry) else { continue }
      XCTAssertNotEqual(Self.product(1e-20, 1e-20), 0, "\(entry.name) leaves denormals flushed")
      fesetround(FE_UPWARD)
      let upwards = try bits(entry)
      let mode = fegetround()
      fesetround(FE_TONEAREST)
      XCTAssertEqual(mode, FE_UPWARD, "\(entry.name) changes the rounding")
      let flushing = try calculating {
        let bits = try bits(entry)
        XCTAssertEqual(Self.product(1e-20, 1e-20), 0, "\(entry.name) keeps denormals from now on")
        return bits
      }
      if !Self.inTheCallersMode.contains(entry.op) {
        XCTAssertEqual(upwards, before, "\(entry.name) rounds as its caller does")
        XCTAssertEqual(flushing, before, "\(entry.name) differs where its caller flushes denormals")
      }
    }
  }

  /// Plain Swift on the caller's thread.
  private static let inTheCallersMode: Set = ["linspaceBetween"]

  private func bits(_ entry: EdgeGrid.Case) throws -> [UInt32] {
    let (out, inputs) = try entry.results()
    return ([out] + inputs.compactMap(\.grad)).flatMap { $0.array.map(\.bitPattern) }
  }

  @inline(never) private static func product(_ a: Float, _ b: Float) -> Float { a * b }
}
