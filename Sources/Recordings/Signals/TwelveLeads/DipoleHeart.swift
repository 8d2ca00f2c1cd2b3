import Foundation
import TensorCore

/// The dipole of a heart in time, and what twelve leads and a device make of it.
package enum DipoleHeart {
  /// Samples a second of what is recorded.
  package static let samplesPerSecond = 500
  /// Units of a sample that make one millivolt.
  package static let unitsPerMillivolt = 1000
  /// What a record lasts, in seconds.
  package static let duration = 10

  /// The leads of a patient with some diagnoses, in the order of `StandardLead`. The same generator gives the same numbers.
  ///
  /// - Parameter isOtherSource: whether another hospital's device records it, whose electrodes lie elsewhere and
  ///   which is noisier.
  package static func record(
    _ diagnoses: [SyntheticDiagnosis], isOtherSource: Bool, _ generator: inout MersenneTwister
  ) -> [[Int16]] {
    var signal = dipole(diagnoses, &generator)
    // an early beat that falls out of the record is none
    while signal.isEmpty { signal = dipole(diagnoses, &generator) }
    return leads(of: signal, isOtherSource: isOtherSource, &generator)
  }

  // MARK: The heart

  /// The dipole at each sample, in mV; empty where the premature beats that there should be are not among them.
  private static func dipole(
    _ diagnoses: [SyntheticDiagnosis], _ generator: inout MersenneTwister
  ) -> [SIMD3<Double>] {
    var patient = DipolePatient(&generator)
    for diagnosis in diagnoses { patient.apply(diagnosis, &generator) }
    let start = 2 + generator.draw(0...1)
    let series = DipoleBeats(patient, duration: start + Double(duration) + 1.5, &generator)
    if patient.ectopy != nil,
      !series.beats.contains(where: {
        [.atrial, .ventricular].contains($0.kind) && $0.time > start
          && $0.time < start + Double(duration) - 0.5
      })
    {
      return []
    }
    var trace = Trace(start: start, count: duration * samplesPerSecond)
    var ectopic: SIMD3<Double>?
    for (index, beat) in series.beats.enumerated() {
      let before = index == 0 ? beat.interval : beat.time - series.beats[index - 1].time
      let size = 1 + 0.05 * generator.normal()
      switch beat.kind {
      case .ventricular:
        let direction = ectopic ?? Self.direction(&generator)
        ectopic = direction
        trace.add(beat.time - 0.02, 0.030, 1.3 * size * direction)
        trace.add(beat.time + 0.05, 0.034, 0.6 * size * direction.turned(by: 40))
        trace.add(beat.time + 0.30, 0.06, -0.5 * size * direction)
      case .paced: trace.addPaced(beat, patient, size)
      case .normal, .withoutP, .atrial: trace.add(beat, patient, size, before: before)
      }
    }
    if let atria = series.atria {
      let waves = atria.waves.signal(
        count: trace.values.count, rate: samplesPerSecond, &generator)
      for index in waves.indices { trace.values[index] += waves[index] * atria.direction }
    }
    return trace.values
  }

  /// Where a focus in the ventricles sends its beats: anywhere, but backwards.
  private static func direction(_ generator: inout MersenneTwister) -> SIMD3<Double> {
    var vector = SIMD3(generator.normal(), generator.normal(), generator.normal())
    vector.z = abs(vector.z)
    return vector / (vector * vector).sum().squareRoot()
  }

  /// A dipole in time that waves are added to.
  private struct Trace {
    /// The time of the first sample, in seconds.
    let start: Double
    var values: [SIMD3<Double>]

    init(start: Double, count: Int) {
      self.start = start
      values = [SIMD3<Double>](repeating: .zero, count: count)
    }

    /// A bell around `time`, as far as five widths.
    mutating func add(_ time: Double, _ width: Double, _ vector: SIMD3<Double>) {
      let rate = Double(samplesPerSecond)
      let first = max(0, Int(((time - 5 * width - start) * rate).rounded(.down)))
      let end = min(values.count, Int(((time + 5 * width - start) * rate).rounded(.down)) + 1)
      guard first < end else { return }
      for index in first..<end {
        let distance = (Double(index) / rate + start - time) / width
        values[index] += exp(-distance * distance / 2) * vector
      }
    }

    /// A beat that goes the heart's own ways. With the square root of the interval the T wave comes later and is
    /// broader, as Bazett found of the QT interval.
    mutating func add(
      _ beat: DipoleBeats.Beat, _ patient: DipolePatient, _ size: Double, before: Double
    ) {
      let (top, width) = Self.repolarisation(beat, patient)
      let time = beat.time
      if beat.kind != .withoutP {
        // from elsewhere in the atria
        let p =
          beat.kind == .atrial ? 1.2 * SIMD3(-0.6, -0.5, 1) * patient.p : patient.p
        add(time - min(patient.pr, 0.75 * before) + 0.01, 0.021, size * p)
      }
      add(time - 0.026, patient.qWidth, size * patient.q)
      add(time, patient.rWidth, size * patient.r)
      add(time + 0.028, 0.013, size * patient.s)
      if let late = patient.late { add(time + late.time, late.width, size * late.vector) }
      add(time + 0.5 * top + 0.02, 0.16 * top + 0.01, size * patient.st)
      add(time + top, width, size * patient.t)
    }

    /// A beat that a pacemaker begins at the right ventricle's tip.
    mutating func addPaced(_ beat: DipoleBeats.Beat, _ patient: DipolePatient, _ size: Double) {
      let (top, width) = Self.repolarisation(beat, patient)
      let height = size * (patient.r * patient.r).sum().squareRoot()
      add(beat.time - 0.075, 0.0025, SIMD3(0.8, 0.8, 0.2))
      add(beat.time - 0.01, 0.030, height * SIMD3(0.5, -0.9, 0.5))
      add(beat.time + 0.05, 0.028, height * SIMD3(0.6, -0.3, 0.6))
      add(beat.time + top, width, SIMD3(-0.25, 0.3, -0.2))
    }

    private static func repolarisation(
      _ beat: DipoleBeats.Beat, _ patient: DipolePatient
    ) -> (top: Double, width: Double) {
      let h = min(max(beat.interval, 0.3), 1.5).squareRoot()
      return (0.29 * h * patient.qt, 0.050 * h * (0.5 + 0.5 * patient.qt))
    }
  }

  // MARK: The leads

  /// The eight independent leads I, II, V1 to V6 of a dipole (left, down, back): Dower, Machado and Osborne, "On deriving
  /// the electrocardiogram from vectorcardiographic leads", Clinical Cardiology 3, 1980.
  private static let dower: [SIMD3<Double>] = [
    SIMD3(0.632, -0.235, 0.059), SIMD3(0.235, 1.066, -0.132), SIMD3(-0.515, 0.157, -0.917),
    SIMD3(0.044, 0.164, -1.387), SIMD3(0.882, 0.098, -1.277), SIMD3(1.213, 0.127, -0.601),
    SIMD3(1.125, 0.127, -0.086), SIMD3(0.831, 0.076, 0.230),
  ]
  /// The other source's electrodes.
  private static let otherGains = [1.15, 0.9, 0.8, 1.25, 0.85, 1.2, 1.1, 0.8]

  /// What a device records of a dipole.
  private static func leads(
    of dipole: [SIMD3<Double>], isOtherSource: Bool, _ generator: inout MersenneTwister
  ) -> [[Int16]] {
    let rate = Double(samplesPerSecond)
    let rows = dower.indices.map { lead -> SIMD3<Double> in
      var row = dower[lead]
      for place in 0..<3 {
        row[place] = row[place] * (1 + 0.08 * generator.normal()) + 0.03 * generator.normal()
      }
      return isOtherSource ? row * otherGains[lead] : row
    }
    let breath = (rate: generator.draw(0.15...0.35), phase: generator.draw(0...2 * .pi))
    let sizes = dipole.indices.map {
      1 + 0.04 * sin(2 * .pi * breath.rate * Double($0) / rate + breath.phase)
    }
    let wander = generator.drawByFactor(0.02...0.10) * (isOtherSource ? 1.5 : 1)
    let muscle = generator.drawByFactor(0.004...0.03) * (isOtherSource ? 2 : 1)
    var hum: [Double]?
    if generator.chance(isOtherSource ? 0.6 : 0.2) {
      let height = generator.drawByFactor(0.005...0.05)
      let phase = generator.draw(0...2 * .pi)
      hum = dipole.indices.map { height * sin(2 * .pi * 50 * Double($0) / rate + phase) }
    }
    // the wander forgets with a time constant of 0.8 s
    let memory = exp(-1 / (0.8 * rate))
    let fresh = wander * (1 - memory * memory).squareRoot()
    var noise = QuickNoise(&generator)
    let eight = rows.map { row -> [Double] in
      let humShare = hum == nil ? 0 : generator.draw(0.3...1)
      var drift = 0.0
      return dipole.indices.map { index in
        drift = memory * drift + fresh * noise.normal()
        return (row * dipole[index]).sum() * sizes[index] + drift + muscle * noise.normal()
          + humShare * (hum?[index] ?? 0)
      }
    }
    return twelve(eight)
  }

  /// Twelve leads of the eight independent ones, in units of 1/1000 mV.
  private static func twelve(_ eight: [[Double]]) -> [[Int16]] {
    let (one, two) = (eight[0], eight[1])
    func units(_ value: (Int) -> Double) -> [Int16] {
      one.indices.map {
        Int16(min(max((Double(unitsPerMillivolt) * value($0)).rounded(), -32768), 32767))
      }
    }
    return [
      units { one[$0] }, units { two[$0] }, units { two[$0] - one[$0] },
      units { -(one[$0] + two[$0]) / 2 }, units { one[$0] - two[$0] / 2 },
      units { two[$0] - one[$0] / 2 },
    ] + eight[2...].map { lead in units { lead[$0] } }
  }
}
