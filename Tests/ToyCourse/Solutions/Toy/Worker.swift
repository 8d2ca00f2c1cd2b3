import Coursework
import TensorCore

/// The program that the checks talk to: the unit's functions and its network by name.
@main
enum ToyWorker {
  static func main() {
    Worker.serve(
      Catalogue([
        .function("movingSums") { inputs, _, _ in
          let width = Int(try inputs.integers("width").first ?? 1)
          let sums = try movingSums(try inputs.integers("signal"), width: width)
          return [("sums", .integers(sums))]
        },
        .function("weightedMeans") { inputs, _, _ in
          [("means", .tensor(try weightedMeans(inputs["X"], inputs["weights"])))]
        },
        .network("ThreeClassNet") { size, generator in
          ThreeClassNet(featureCount: try size.featureCount, using: &generator)
        },
      ]))
  }
}
