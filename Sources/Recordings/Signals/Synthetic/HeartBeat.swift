import Foundation

/// The five waves of one beat, as attractors on the unit circle that the heart's state runs round
/// once a beat.
///
/// Source: McSharry, Clifford, Tarassenko and Smith, "A dynamical model for generating synthetic
/// electrocardiogram signals", IEEE Transactions on Biomedical Engineering 50(3), 2003.
package struct HeartBeat {
  /// Where a wave lies, how strongly and how broadly it pulls.
  package struct Attractor {
    /// θ in radians, the R wave at 0.
    package var angle: Double
    /// a, in units of `HeartBeat.millivolts` a second.
    package var strength: Double
    /// b in radians.
    package var width: Double

    /// The wave made `factor` times as broad, of the same height: the height is a b² / ω.
    package func broadened(by factor: Double) -> Attractor {
      Attractor(angle: angle, strength: strength / (factor * factor), width: width * factor)
    }
  }

  package var p: Attractor
  package var q: Attractor
  package var r: Attractor
  package var s: Attractor
  package var t: Attractor

  /// The paper's Table I, which is a normal beat at 60 beats a minute.
  package static let table = HeartBeat(
    p: Attractor(angle: -.pi / 3, strength: 1.2, width: 0.25),
    q: Attractor(angle: -.pi / 12, strength: -5, width: 0.1),
    r: Attractor(angle: 0, strength: 30, width: 0.1),
    s: Attractor(angle: .pi / 12, strength: -7.5, width: 0.1),
    t: Attractor(angle: .pi / 2, strength: 0.75, width: 0.4))

  /// Millivolts to a unit of the table: the authors' program ECGSYN stretches its signal to the
  /// 1.6 mV from -0.4 to 1.2 mV, and the table's beat reaches from -0.0162 to 0.0421.
  static let millivolts = 1.6 / 0.0584

  /// The beat at another rate, `interval` seconds from R to R.
  ///
  /// As in ECGSYN: with h = √(rate / 60) all widths grow by h, the angles of Q and S by h, those of
  /// P and T by √h, so that a fast heart's waves are shorter, but not as much shorter as its
  /// pauses. ECGSYN does so by the mean rate; by each interval's own, the waves' heights a b² / ω
  /// are the same in all of them, which irregular rhythms need.
  func scaled(toInterval interval: Double) -> HeartBeat {
    let h = (1 / interval).squareRoot()
    func scaled(_ wave: Attractor, _ turn: Double) -> Attractor {
      Attractor(angle: wave.angle * turn, strength: wave.strength, width: wave.width * h)
    }
    return HeartBeat(
      p: scaled(p, h.squareRoot()), q: scaled(q, h), r: scaled(r, h), s: scaled(s, h),
      t: scaled(t, h.squareRoot()))
  }
}
