import Assignment
import Examples
import Plots
import Recordings
import WorkerPipe
import Workers

extension PlottedNetwork {
  /// What the network makes of the validation examples, with the checkpoint's parameters.
  ///
  /// - Throws: a sentence where it gives no embeddings.
  func embeddings(of data: PreparedData) throws -> [[Float]] {
    let examples = data.split.validation
    let launcher = try copy.trainingLauncher(unit: unit.name, solutions: isOfSolutions)
    let answer = try predictions(of: data, launcher)
    guard let found = answer.first(where: { $0.name == "embeddings" }), found.shape.count == 2,
      found.shape[0] == examples.count, found.shape[1] == data.split.queries.first?.vector.count
    else {
      throw PlotError.nothing(
        what: "\(network.name) gives no embeddings that texts can be compared with")
    }
    let width = found.shape[1]
    return (0..<examples.count).map {
      Array(found.values[($0 * width)..<(($0 + 1) * width)])
    }
  }
}
