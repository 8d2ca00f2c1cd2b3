import Coursework
import Foundation
import TensorCore

/// Stands in for the task's file.
public func randomPoint(
  in space: [SearchParameter], using generator: inout RandomGenerator
) throws -> [Double] {
  var point: [Double] = []
  for parameter in space {
    let u = generator.uniform()
    switch parameter {
    case .choice(let count): point.append(Double(min(Int(u * Double(count)), count - 1)))
    case .uniform(let low, let high): point.append((1 - u) * low + u * high)
    case .logUniform(let first, let last): point.append(first * pow(last / first, u))
    }
  }
  return point
}
