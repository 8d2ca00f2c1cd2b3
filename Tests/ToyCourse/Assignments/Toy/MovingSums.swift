import Coursework

/// The moving sums of a signal (task 1), where what lies before its first number counts as 0:
///
///     S_t = x_t + x_{t-1} + … + x_{t-w+1}
public func movingSums(_ signal: [Int32], width: Int) throws -> [Int32] {
  // TODO: Task 1: add up `width` numbers for each step
  throw Unimplemented("1")
}
