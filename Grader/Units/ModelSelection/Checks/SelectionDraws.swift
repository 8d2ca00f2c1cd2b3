import Judge
import WorkerPipe

extension SeededNumbers {
  /// Numbers of a range.
  mutating func numbers(_ count: Int, _ range: ClosedRange<Float>) -> [Float] {
    (0..<count).map { _ in number(range) }
  }

  /// Integers of a range.
  mutating func integers(_ count: Int, _ range: ClosedRange<Int>) -> [Int] {
    (0..<count).map { _ in integer(range) }
  }
}
