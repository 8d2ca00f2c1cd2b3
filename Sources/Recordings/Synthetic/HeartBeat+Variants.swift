import Signals
import TensorCore

// The ranges here are ours: wide enough that no two hearts look alike, narrow enough that each
// wave stays recognisable. Amplitudes and widths of the whole set were compared with the
// challenge's recordings.
extension HeartBeat {
  /// The table's beat as another patient has it: all waves differ in height, the QRS complex and
  /// the T wave in width, P and T in place.
  static func ofPatient(_ generator: inout MersenneTwister) -> HeartBeat {
    var beat = table
    let size = generator.drawByFactor(0.3...1.4)
    beat.p.strength *= size * generator.drawByFactor(0.4...1.6)
    beat.q.strength *= size * generator.drawByFactor(0.1...1.2)
    beat.r.strength *= size * generator.draw(0.8...1.2)
    beat.s.strength *= size * generator.drawByFactor(0.2...2.5)
    beat.t.strength *= size * generator.drawByFactor(0.4...2)
    let narrowness = generator.draw(0.6...1)
    beat.q = beat.q.broadened(by: narrowness)
    beat.r = beat.r.broadened(by: narrowness)
    beat.s = beat.s.broadened(by: narrowness)
    beat.t = beat.t.broadened(by: generator.draw(0.7...1.1))
    beat.p.angle *= generator.draw(0.85...1.1)
    beat.t.angle *= generator.draw(0.9...1.15)
    return beat
  }

  /// Without a P wave, as in fibrillation and flutter.
  var withoutP: HeartBeat {
    var beat = self
    beat.p.strength = 0
    return beat
  }

  /// The P wave alone: the node has let nothing through.
  var blocked: HeartBeat {
    var beat = self
    beat.q.strength = 0
    beat.r.strength = 0
    beat.s.strength = 0
    beat.t.strength = 0
    return beat
  }

  /// A beat from the ventricles: no P wave, a QRS complex more than twice as broad, and a T wave
  /// against it.
  var ventricular: HeartBeat {
    var beat = withoutP
    beat.q = beat.q.broadened(by: 2.2)
    beat.r = beat.r.broadened(by: 2.2)
    beat.s = beat.s.broadened(by: 2.2)
    beat.r.strength *= 1.3
    beat.q.angle *= 2
    beat.s.angle *= 2
    beat.t.strength *= -1.5
    return beat
  }

  /// A normal beat that one of the bundle branches does not carry on: a broader QRS complex after its own P
  /// wave.
  var bundleBranchBlock: HeartBeat {
    var beat = self
    beat.q = beat.q.broadened(by: 1.6)
    beat.r = beat.r.broadened(by: 1.6)
    beat.s = beat.s.broadened(by: 1.6)
    beat.t.strength *= -0.7
    return beat
  }

  /// Half a normal beat, half a ventricular one: both fronts meet.
  var fusion: HeartBeat {
    var beat = self
    beat.p.strength *= 0.5
    beat.q = beat.q.broadened(by: 1.5)
    beat.r = beat.r.broadened(by: 1.5)
    beat.s = beat.s.broadened(by: 1.5)
    beat.r.strength *= 1.15
    beat.t.strength *= -0.25
    return beat
  }

  /// A beat that a pacemaker's wire sets off in the right ventricle: as broad as a ventricular one, with
  /// a deep S wave.
  var paced: HeartBeat {
    var beat = ventricular
    beat.r.strength *= 0.7
    beat.s.strength *= 3
    beat.t.strength *= 1.2
    return beat
  }

  /// A premature beat from elsewhere in the atria: another P wave.
  var atrial: HeartBeat {
    var beat = self
    beat.p.strength *= -0.6
    return beat
  }

  /// With the P wave `seconds` before the R wave at 60 beats a minute, in place of a sixth.
  func withP(before seconds: Double) -> HeartBeat {
    var beat = self
    beat.p.angle = -2 * .pi * seconds
    return beat
  }

  /// A little higher or lower, as each beat is while the chest moves.
  func resized(by factor: Double) -> HeartBeat {
    var beat = self
    beat.p.strength *= factor
    beat.q.strength *= factor
    beat.r.strength *= factor
    beat.s.strength *= factor
    beat.t.strength *= factor
    return beat
  }
}
