import Judge
import WorkerPipe

/// How the numbers of this unit's experiments are drawn.
enum MapDraws {
  /// Ordinary inputs; a normalisation's parameters and buffers as a training has them, so that no variance is negative
  /// and a γ or β shows; and weights that let a ReLU be open as often as closed.
  static let numbers: Draw.Numbers = { parameters, inputs, numbers in
    let drawn = parameters.map { parameter in
      func moved(_ middle: Float, _ deviation: Float) -> PipeTensor {
        numbers.normal(parameter.name, parameter.shape, standardDeviation: deviation)
          .mapValues { middle + $0 }
      }
      switch parameter.name.split(separator: ".").last ?? "" {
      case "gamma": return moved(1, 0.3)
      case "beta", "mean": return moved(0, 0.5)
      case "variance":
        return PipeTensor(
          name: parameter.name, shape: parameter.shape,
          values: (0..<parameter.shape.reduce(1, *)).map { _ in numbers.number(0.5...2) })
      default:
        return numbers.normal(
          parameter.name, parameter.shape,
          standardDeviation: 1.4 * Draw.usualDeviation(parameter))
      }
    }
    return (drawn, inputs.map { $0.drawn(&numbers) })
  }

  static let ordinary = Draw.ordinary(numbers)

  /// Channels `[samples, channels, steps]` of different means and deviations; where there are several the last one is
  /// so quiet that ε shows, at evaluation too.
  static let channels: Draw.Numbers = { parameters, inputs, numbers in
    var (drawn, tensors) = Self.numbers(parameters, inputs, &numbers)
    func isQuiet(_ channel: Int, of count: Int) -> Bool { count > 1 && channel == count - 1 }
    drawn = drawn.map { parameter in
      let count = parameter.values.count
      let quiet: Float = parameter.name == "variance" ? 1e-4 : parameter.name == "mean" ? 0.01 : 1
      return PipeTensor(
        name: parameter.name, shape: parameter.shape,
        values: parameter.values.enumerated().map { channel, value in
          guard isQuiet(channel, of: count), quiet != 1 else { return value }
          return parameter.name == "variance" ? quiet : quiet * value
        })
    }
    tensors = tensors.map { input in
      let (count, steps) = (input.shape[1], input.shape[2])
      let scales = (0..<count).map { channel -> (middle: Float, deviation: Float) in
        let (middle, deviation) = (numbers.number(-3...3), numbers.number(0.5...2))
        return isQuiet(channel, of: count) ? (0, 0.01) : (middle, deviation)
      }
      return PipeTensor(
        name: input.name, shape: input.shape,
        values: input.values.enumerated().map { index, value in
          let (middle, deviation) = scales[index / steps % count]
          return middle + deviation * value
        })
    }
    return (drawn, tensors)
  }

  /// A draw whose last input are integers that are given.
  static func choosing(_ list: [Int], _ draw: Draw) -> Draw {
    let numbers: Draw.Numbers = { parameters, inputs, numbers in
      var drawn = draw.numbers(parameters, inputs.dropLast(), &numbers)
      drawn.inputs += inputs.suffix(1).map {
        PipeTensor(name: $0.name, shape: [list.count], integers: list.map(Int32.init))
      }
      return drawn
    }
    guard let place = draw.place else { return .ordinary(numbers) }
    return draw.warmUps > 0
      ? .afterCalls(draw.warmUps, place, numbers) : Draw(to: place, numbers)
  }

  /// Lists of integers in place of the inputs, whatever their shapes.
  static func lists(_ lists: [[Int]]) -> Draw {
    .ordinary { _, inputs, _ in
      (
        [],
        zip(inputs, lists).map { input, list in
          PipeTensor(name: input.name, shape: [list.count], integers: list.map(Int32.init))
        }
      )
    }
  }
}
