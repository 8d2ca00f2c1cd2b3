import TensorCore

/// The irregular intervals of atrial fibrillation: what the atrioventricular node lets through of
/// the impulses that the atria shower it with.
///
/// Source: Corino, Sandberg, Mainardi and Sörnmo, "An atrioventricular node model for analysis of
/// the ventricular response during atrial fibrillation", IEEE Transactions on Biomedical
/// Engineering 58(12), 2011. Impulses arrive at random (a Poisson process). After a beat each is
/// blocked for a refractory period τ; then the share that passes grows evenly from none to all
/// during a prolongation τ_p. An impulse takes the faster of two pathways with a probability α, and
/// each pathway has its own τ.
package struct AtrioventricularNode {
  private let impulseRate: Double
  private let refractory: (fast: Double, slow: Double)
  private let fastShare: Double
  private let prolongation: Double

  /// The node of a patient whose atria fibrillate at `frequency` Hz.
  ///
  /// The impulses' rate is λ = f / (1 - δ f) with δ = 0.05 s, the least time between two
  /// impulses, as in the paper. The other ranges are ours, so that rates are those of patients at rest, about 60
  /// to 140 a minute; the prolongation is around the mean of 0.23 s that Corino et al. 2013
  /// ("Statistical modeling of atrioventricular nodal function during atrial fibrillation - an
  /// update", BIOSIGNALS) found in 25 patients.
  package init(frequency: Double, _ generator: inout MersenneTwister) {
    impulseRate = frequency / (1 - 0.05 * frequency)
    let fast = generator.draw(0.25...0.50)
    refractory = (fast, fast + generator.draw(0.10...0.35))
    fastShare = generator.draw(0.3...0.7)
    prolongation = generator.draw(0.10...0.40)
  }

  /// The next interval from R wave to R wave in seconds.
  package func interval(_ generator: inout MersenneTwister) -> Double {
    var time = 0.0
    while true {
      time += generator.waitingTime(rate: impulseRate)
      let period = generator.chance(fastShare) ? refractory.fast : refractory.slow
      if generator.chance((time - period) / prolongation) { return time }
    }
  }
}
