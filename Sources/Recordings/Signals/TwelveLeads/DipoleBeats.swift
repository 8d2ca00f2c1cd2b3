import Foundation
import TensorCore

/// When the beats of a dipole come, and what each of them is.
struct DipoleBeats {
  /// A beat.
  struct Beat {
    /// What it looks like.
    enum Kind {
      case normal, withoutP, paced, atrial, ventricular
    }
    /// Of its R wave, in seconds.
    let time: Double
    let kind: Kind
    /// The interval that the rhythm had for it, in seconds: its waves are as long as those of such a rate.
    let interval: Double
  }

  private(set) var beats: [Beat] = []
  /// The waves of atria that do not beat.
  private(set) var atria: (waves: AtrialWaves, direction: SIMD3<Double>)?

  /// Beats from 0 until `duration` seconds are over.
  init(_ patient: DipolePatient, duration: Double, _ generator: inout MersenneTwister) {
    switch patient.rhythm {
    case .fibrillation: fibrillate(patient.rate, duration, &generator)
    case .flutter: flutter(duration, &generator)
    case .sinus: beat(patient, .normal, duration, &generator)
    case .junctional: beat(patient, .withoutP, duration, &generator)
    case .paced: beat(patient, .paced, duration, &generator)
    }
  }

  private var end: Double { beats.last?.time ?? 0 }

  private mutating func add(_ kind: Beat.Kind, after wait: Double, interval: Double) {
    beats.append(Beat(time: end + wait, kind: kind, interval: interval))
  }

  /// The node's intervals, stretched to a rate.
  private mutating func fibrillate(
    _ rate: Double, _ duration: Double, _ generator: inout MersenneTwister
  ) {
    // 6.25 ± 0.58 Hz in the 25 patients of Corino et al. 2013
    let frequency = min(max(6.25 + 0.58 * generator.normal(), 4), 9)
    let node = AtrioventricularNode(frequency: frequency, &generator)
    var intervals: [Double] = []
    var sum = 0.0
    while sum < 2 * duration + 20 {
      intervals.append(node.interval(&generator))
      sum += intervals[intervals.count - 1]
    }
    let factor = 60 / rate * Double(intervals.count) / sum
    for interval in intervals {
      let own = max(interval * factor, 0.25)
      add(.withoutP, after: own, interval: own)
      if end > duration { break }
    }
    atria = (
      AtrialWaves(
        frequency: frequency, height: generator.drawByFactor(0.03...0.09), sways: true),
      SIMD3(-0.2, 0.5, -0.9)
    )
  }

  private mutating func flutter(_ duration: Double, _ generator: inout MersenneTwister) {
    let frequency = generator.draw(4...5.6)
    let interval = Double(2 + generator.nextIndex(below: 3)) / frequency
    while end < duration { add(.withoutP, after: interval, interval: interval) }
    atria = (
      AtrialWaves(frequency: frequency, height: generator.draw(0.08...0.16), sways: false),
      SIMD3(0.1, 1, -0.5)
    )
  }

  private mutating func beat(
    _ patient: DipolePatient, _ kind: Beat.Kind, _ duration: Double,
    _ generator: inout MersenneTwister
  ) {
    let rate = patient.rate
    // what is not the sinus node's is regular within 2 ms
    let deviation = kind == .normal ? patient.deviation : 0.002 * rate * rate / 60
    let sinus = SinusRhythm(
      rate: rate, deviation: deviation, breathRate: generator.draw(0.15...0.35), &generator)
    let early = generator.draw(0.55...0.75)
    var number = 0
    while end < duration {
      let interval = sinus.interval(at: end)
      switch number == 0 ? nil : patient.ectopy {
      case .atrial(let share) where generator.chance(share):
        // the sinus node begins anew: the next interval is an ordinary one
        add(.atrial, after: early * interval, interval: interval)
      case .ventricular(let share) where generator.chance(share):
        addVentricular(early, interval, kind)
        number += 1
      case .bigeminy where number % 2 == 1:
        addVentricular(early, interval, kind)
        number += 1
      default: add(kind, after: interval, interval: interval)
      }
      number += 1
    }
  }

  /// The sinus node is not disturbed: the pause makes up for the early beat.
  private mutating func addVentricular(_ early: Double, _ interval: Double, _ kind: Beat.Kind) {
    add(.ventricular, after: early * interval, interval: interval)
    add(kind, after: (2 - early) * interval, interval: interval)
  }
}
