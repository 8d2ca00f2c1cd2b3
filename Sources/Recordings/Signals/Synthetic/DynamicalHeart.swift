import Foundation

/// A beat and the time since the one before.
package struct TimedBeat {
  /// Seconds from the last R wave to this one.
  package let interval: Double
  package let beat: HeartBeat

  /// A beat, `interval` seconds after the last.
  package init(interval: Double, beat: HeartBeat) {
    self.interval = interval
    self.beat = beat
  }
}

/// The dynamical model of the heart: a point runs round the unit circle once a beat, and waves
/// near its path pull the voltage z up or down (McSharry et al. 2003, section "The dynamical model"):
///
///     x' = α x - ω y,   y' = α y + ω x,   α = 1 - √(x² + y²),   ω = 2π / RR
///     z' = -Σ aᵢ Δθᵢ exp(-Δθᵢ² / 2bᵢ²) - (z - z₀),   Δθᵢ = (θ - θᵢ) mod 2π,   θ = atan2(y, x)
///
/// The baseline z₀ sways with the breath, z₀ = A sin(2π f₂ t).
package struct DynamicalHeart {
  /// A in mV; the paper's is 0.15.
  let breathHeight: Double
  /// f₂ in Hz; the paper's is 0.25.
  let breathRate: Double

  /// A heart whose baseline sways so.
  package init(breathHeight: Double, breathRate: Double) {
    self.breathHeight = breathHeight
    self.breathRate = breathRate
  }

  /// `count` samples in mV, the first one `start` seconds after a point between two beats, and the
  /// sample of each R wave. There must be beats for all of that time; where they end, the last interval
  /// goes on.
  ///
  /// As in the paper the Runge-Kutta method of the fourth order makes one step from sample to
  /// sample: its error is well below the 0.001 mV that a recording resolves.
  package func trace(
    _ beats: [TimedBeat], start: Double, count: Int, rate: Int
  ) -> (signal: [Double], peaks: [(beat: Int, sample: Int)]) {
    let rate = Double(rate)
    let skipped = Int(start * rate)
    var next = 1
    var interval = Interval(from: beats[0].beat, to: beats[next])
    // opposite of the R wave, where the voltage rests
    var state = SIMD4<Double>(-1, 0, 0, 0)
    var signal: [Double] = []
    signal.reserveCapacity(count)
    var peaks: [(beat: Int, sample: Int)] = []
    for sample in 0..<(skipped + count) {
      if sample >= skipped { signal.append(state.z) }
      let before = state.y
      state = advanced(state, in: interval, at: Double(sample) / rate, by: 1 / rate)
      // an R wave: the next interval begins
      guard before < 0, state.y >= 0 else { continue }
      // the nearer of the samples before and after it
      let peak = sample - skipped + (-before < state.y ? 0 : 1)
      if (0..<count).contains(peak) { peaks.append((next, peak)) }
      if next + 1 < beats.count {
        next += 1
        interval = Interval(from: beats[next - 1].beat, to: beats[next])
      }
    }
    return (signal, peaks)
  }

  /// From one R wave to the next: R, S and T belong to the first beat, P, Q and R to the second.
  private struct Interval {
    let speed: Double
    let first: HeartBeat
    let second: HeartBeat

    init(from first: HeartBeat, to second: TimedBeat) {
      speed = 2 * .pi / second.interval
      self.first = first.scaled(toInterval: second.interval)
      self.second = second.beat.scaled(toInterval: second.interval)
    }

    /// -Σ aᵢ Δθᵢ exp(-Δθᵢ² / 2bᵢ²) in units of the table.
    func pull(at angle: Double) -> Double {
      func pull(_ wave: HeartBeat.Attractor) -> Double {
        var distance = angle - wave.angle
        if distance > .pi { distance -= 2 * .pi } else if distance < -.pi { distance += 2 * .pi }
        let exponent = distance * distance / (2 * wave.width * wave.width)
        // beyond six widths there is less than a millionth of it
        return exponent > 18 ? 0 : -wave.strength * distance * exp(-exponent)
      }
      return pull(first.s) + pull(first.t) + pull(second.p) + pull(second.q)
        + pull(angle < 0 ? second.r : first.r)
    }
  }

  private func derivative(
    _ state: SIMD4<Double>, in interval: Interval, at time: Double
  ) -> SIMD4<Double> {
    let attraction = 1 - (state.x * state.x + state.y * state.y).squareRoot()
    let baseline = breathHeight * sin(2 * .pi * breathRate * time)
    return SIMD4(
      attraction * state.x - interval.speed * state.y,
      attraction * state.y + interval.speed * state.x,
      interval.pull(at: atan2(state.y, state.x)) * HeartBeat.millivolts - (state.z - baseline), 0)
  }

  /// One step of the classical Runge-Kutta method of the fourth order.
  private func advanced(
    _ state: SIMD4<Double>, in interval: Interval, at time: Double, by step: Double
  ) -> SIMD4<Double> {
    let k1 = derivative(state, in: interval, at: time)
    let k2 = derivative(state + step / 2 * k1, in: interval, at: time + step / 2)
    let k3 = derivative(state + step / 2 * k2, in: interval, at: time + step / 2)
    let k4 = derivative(state + step * k3, in: interval, at: time + step)
    return state + step / 6 * (k1 + 2 * (k2 + k3) + k4)
  }
}
