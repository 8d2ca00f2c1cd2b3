import Signals
import TensorCore

/// The lengths of the challenge's recordings: mostly 30 s, at times 60 s, else anything from 9 to
/// 61 s.
enum RecordingLength {
  /// The shares, measured on the public set, revision 2: exactly 9000 samples, exactly 18000, and
  /// fewer than 9000. What is left is between 9000 and 18286.
  private static func shares(_ label: RhythmLabel) -> (usual: Double, double: Double, short: Double)
  {
    switch label {
    case .normal: (0.728, 0.076, 0.103)
    case .fibrillation: (0.676, 0.125, 0.153)
    case .other: (0.682, 0.134, 0.079)
    case .noisy: (0.440, 0.021, 0.489)
    }
  }

  /// A number of samples from 2714 to 18286, the public set's least and largest.
  static func draw(_ label: RhythmLabel, _ generator: inout MersenneTwister) -> Int {
    let shares = shares(label)
    let kind = generator.draw(0...1)
    if kind < shares.usual { return 9000 }
    if kind < shares.usual + shares.double { return 18000 }
    return kind < shares.usual + shares.double + shares.short
      ? 2714 + generator.nextIndex(below: 9000 - 2714)
      : 9000 + generator.nextIndex(below: 18287 - 9000)
  }
}
