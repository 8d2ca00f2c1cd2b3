import Coursework
import TensorCore

/// The program that a training or a search talks to.
@main
enum StudyWorker {
  static func main() {
    Worker.serve(
      Catalogue([
        .network("StudiedNet") { size, generator in
          try StudiedNet(
            inputCount: size.inputCount, width: size.width, hiddenLayers: size.hiddenLayers,
            dropout: size.number("dropout"), using: &generator)
        },
        .function("drawn") { inputs, settings, _ in
          let labels = try inputs.integers("labels")
          let places = drawn(
            labels, perClass: try settings.perClass, seed: UInt64(try settings.seed))
          let beats = try inputs["beats"]
          let width = beats.shape[1]
          let values = beats.array
          return [
            (
              "beats",
              .tensor(
                try Tensor(
                  places.flatMap { values[($0 * width)..<(($0 + 1) * width)] },
                  shape: [places.count, width]))
            ),
            ("labels", .integers(places.map { labels[$0] })),
          ]
        },
        .function("differences") { inputs, _, _ in
          [("features", .tensor(try differences(inputs["beats"])))]
        },
        // what a preparation must refuse
        .function("short") { inputs, _, _ in
          [("features", .tensor(try inputs["beats"].select(axis: 0, index: 0).reshaped([1, 187])))]
        },
        .function("proposal") { inputs, settings, _ in
          let (points, scores) = (try inputs["points"], try inputs["scores"].array)
          let width = points.shape[1]
          let values = points.array
          let point = proposal(
            scores.indices.map { Array(values[($0 * width)..<(($0 + 1) * width)]) }, scores,
            kinds: try settings.texts("kinds"), lows: try settings.numbers("lows"),
            highs: try settings.numbers("highs"), seed: UInt64(try settings.seed))
          return [("point", .tensor(try Tensor(point, shape: [width])))]
        },
      ]))
  }
}
