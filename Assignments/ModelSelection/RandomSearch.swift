import Coursework
import Foundation
import TensorCore

/// A point of a search space by chance alone (section 7.8, task 7.8a).
///
/// Each parameter is drawn by itself: a uniform one as x = low + u (high − low), a log-uniform one so that
/// ln x = ln low + u (ln high − ln low), u from 0 to 1; of a choice each index is as likely.
///
/// - Parameters:
///   - space: the parameters.
///   - generator: where the draws come from: `generator.uniform()` is a u, `generator.index(below: n)` an index.
/// - Returns: a number for each parameter, in their order; of a choice its index.
public func randomPoint(
  in space: [SearchParameter], using generator: inout RandomGenerator
) throws -> [Double] {
  // TODO: Task 7.8a: a draw for each parameter
  throw Unimplemented("7.8a")
}
