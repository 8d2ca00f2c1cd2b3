import Judge
import WorkerPipe

extension PipeTensor {
  /// A matrix of rows.
  init(_ name: String, rows: [[Float]]) {
    self.init(
      name: name, shape: [rows.count, rows.first?.count ?? 0], values: rows.flatMap { $0 })
  }
}

/// How the numbers of this unit's experiments are drawn.
enum ContrastiveDraws {
  /// Ordinary inputs, and the parameters and buffers of an encoder as a training has them: running statistics far from 0
  /// and 1, scales about 1, and weights that let a ReLU be open as often as closed.
  static let network: Draw.Numbers = { parameters, inputs, numbers in
    let drawn = parameters.map { parameter -> PipeTensor in
      func moved(_ middle: Float, _ deviation: Float) -> PipeTensor {
        numbers.normal(parameter.name, parameter.shape, standardDeviation: deviation)
          .mapValues { middle + $0 }
      }
      let isVector = parameter.shape.count == 1
      switch parameter.name.split(separator: ".").last ?? "" {
      case "weight" where isVector: return moved(1, 0.3)
      case "runningMean": return moved(0, 1)
      case "runningVariance":
        return PipeTensor(
          name: parameter.name, shape: parameter.shape,
          values: (0..<parameter.shape.reduce(1, *)).map { _ in numbers.number(0.3...4) })
      case "logScale": return moved(2, 0.5)
      default:
        return numbers.normal(
          parameter.name, parameter.shape,
          standardDeviation: (isVector ? 1 : 1.4) * Draw.usualDeviation(parameter))
      }
    }
    return (drawn, inputs.map { $0.drawn(&numbers) })
  }

  /// Rows of standard normal numbers, each times a factor of its own.
  static func rows(
    _ count: Int, _ width: Int, lengths: ClosedRange<Float>, _ numbers: inout SeededNumbers
  ) -> [[Float]] {
    (0..<count).map { _ in
      let (row, length) = (direction(width, &numbers), numbers.number(lengths))
      return row.map { $0 * length }
    }
  }

  /// A random row of length 1.
  static func direction(_ width: Int, _ numbers: inout SeededNumbers) -> [Float] {
    let row = numbers.normal("row", [width]).values
    let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
    // of a single number, or of several that happen to be small
    guard length > 1e-3 else { return row.indices.map { $0 == 0 ? 1 : 0 } }
    return row.map { $0 / length }
  }
}
