import Foundation
import TensorCore

/// A heart as a dipole: of each beat a few waves, each a bell in time along a direction in space (left, down, back), in
/// mV and seconds, with the R wave at 0 and one beat a second.
///
/// Source: Sameni, Clifford, Jutten and Shamsollahi, "Multichannel ECG and noise modeling: application to maternal and
/// fetal ECG signals", EURASIP Journal on Advances in Signal Processing, 2007, who give McSharry's differential
/// equation three dimensions; this is its solution for one beat. The sizes are ours.
struct DipolePatient {
  typealias Vector = SIMD3<Double>

  /// A part of the QRS complex that comes late.
  struct Late {
    let vector: Vector
    let time, width: Double
  }
  /// Beats before their time: of so many of the sinus node's one, by chance, or every second.
  enum Ectopy {
    case atrial(Double), ventricular(Double), bigeminy
  }
  /// What drives the heart.
  enum Rhythm {
    case sinus, junctional, paced, fibrillation, flutter
  }

  private(set) var pr, qWidth, rWidth, axis, qt: Double
  private(set) var p, q, r, s, st, t: Vector
  private(set) var late: Late?
  private(set) var rhythm = Rhythm.sinus
  /// Beats a minute, and their standard deviation.
  private(set) var rate, deviation: Double
  private(set) var ectopy: Ectopy?

  /// A heart without a finding.
  init(_ generator: inout MersenneTwister) {
    func about(_ x: Double, _ y: Double, _ z: Double) -> Vector {
      Vector(x, y, z)
        * Vector(
          1 + 0.2 * generator.normal(), 1 + 0.2 * generator.normal(), 1 + 0.2 * generator.normal())
    }
    let size = generator.drawByFactor(0.7...1.4)
    pr = generator.draw(0.13...0.19)
    p = about(0.07, 0.12, -0.01) * generator.drawByFactor(0.6...1.5)
    q = about(-0.12, 0.03, -0.16) * size
    qWidth = 0.010
    axis = generator.draw(10...75)
    let height = 1.15 * size * (1 + 0.1 * generator.normal())
    r = Vector(
      height * cos(axis * .pi / 180), height * sin(axis * .pi / 180),
      size * generator.draw(-0.05...0.35))
    rWidth = generator.draw(0.012...0.016)
    s = about(-0.18, -0.12, 0.45) * size
    st = 0.02 * Vector(generator.normal(), generator.normal(), generator.normal())
    t = about(0.30, 0.22, -0.18) * generator.drawByFactor(0.6...1.4) * size.squareRoot()
    qt = generator.draw(0.95...1.05)
    rate = generator.draw(60...100)
    deviation = generator.draw(1...4)
  }

  /// A wall of the heart and the direction that it lies in.
  private static let walls = [
    Vector(0.25, 0.05, -1), Vector(-0.1, 1, 0.2), Vector(1, -0.25, 0.2),
  ].map { $0 / ($0 * $0).sum().squareRoot() }

  /// Gives the heart a diagnosis.
  mutating func apply(_ diagnosis: SyntheticDiagnosis, _ generator: inout MersenneTwister) {
    func draw(_ range: ClosedRange<Double>) -> Double { generator.draw(range) }
    func wall() -> Vector { Self.walls[generator.nextIndex(below: 3)] }
    switch diagnosis {
    case .sinusRhythm: rate = draw(60...100)
    case .sinusBradycardia: rate = draw(38...56)
    case .sinusTachycardia: rate = draw(105...150)
    case .sinusArrhythmia:
      rate = draw(55...90)
      deviation = draw(9...16)
    case .atrialFibrillation: (rhythm, rate) = (.fibrillation, draw(60...95))
    case .rapidAtrialFibrillation: (rhythm, rate) = (.fibrillation, draw(115...165))
    case .atrialFlutter: rhythm = .flutter
    case .supraventricularTachycardia: (rhythm, rate) = (.junctional, draw(150...200))
    case .pacingRhythm: (rhythm, rate) = (.paced, draw(60...80))
    case .prematureAtrialContraction: ectopy = .atrial(draw(0.15...0.3))
    case .prematureVentricularContractions: ectopy = .ventricular(draw(0.15...0.3))
    case .ventricularBigeminy: ectopy = .bigeminy
    case .firstDegreeBlock: pr = draw(0.23...0.34)
    case .rightBundleBranchBlock:
      late = Late(
        vector: Vector(-0.50, 0.05, -0.60) * draw(0.8...1.4), time: 0.062, width: 0.020)
    case .leftBundleBranchBlock:
      q = .zero
      r *= 0.8
      rWidth = 0.026
      s *= 0.3
      late = Late(
        vector: Vector(0.75, -0.05, 0.75) * draw(0.8...1.3), time: 0.055, width: 0.024)
      t = Vector(-0.30, -0.05, -0.28) * draw(0.8...1.4)
    case .leftAxisDeviation: turnAxis(to: draw(-75 ... -35))
    case .rightAxisDeviation: turnAxis(to: draw(105...150))
    case .lowVoltages:
      let share = draw(0.22...0.38)
      (q, r, s) = (share * q, share * r, share * s)
    case .leftVentricularHypertrophy:
      let factor = draw(1.8...2.4)
      (r, s) = (factor * r, factor * s)
      r.z += 0.5
    case .prolongedQT: qt *= draw(1.28...1.5)
    case .stElevation: st += wall() * draw(0.18...0.40)
    case .stDepression: st -= wall() * draw(0.14...0.32)
    case .tWaveInversion:
      let wall = wall()
      t -= wall * (max((wall * t).sum(), 0) + draw(0.22...0.45))
    case .abnormalQWave:
      q += Vector(0, -0.55, 0.05) * draw(0.7...1.3)
      qWidth = 0.017
    }
  }

  private mutating func turnAxis(to degrees: Double) {
    let turn = degrees - axis
    axis = degrees
    (q, r, s) = (q.turned(by: turn), r.turned(by: turn), s.turned(by: turn))
  }
}

extension SIMD3<Double> {
  /// Turned in the frontal plane, from the left arm downwards.
  func turned(by degrees: Double) -> SIMD3<Double> {
    let (c, s) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
    return SIMD3(c * x - s * y, s * x + c * y, z)
  }
}
