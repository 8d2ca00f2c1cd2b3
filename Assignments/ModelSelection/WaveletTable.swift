import Foundation

/// The integral of the Mexican-hat wavelet as PyWavelets has it with `precision` 12 (given):
///
///     ψ(t) = 2 / (√3 π^¼) (1 − t²) e^(−t²/2)
///     Ψ_j = δ Σ_{i ≤ j} ψ(−8 + i δ),      j = 0 … 4095,  δ = 16 / 4095
///
/// `integratedWavelet[1024]` is −0.0011766653, `integratedWavelet[1900]` −0.4224076061.
public let integratedWavelet: [Double] = {
  let step = 16.0 / 4095
  let factor = 2 / (3.0.squareRoot() * pow(Double.pi, 0.25))
  var sum = 0.0
  return (0..<4096).map { j in
    let t = -8 + Double(j) * step
    sum += factor * (1 - t * t) * exp(-t * t / 2)
    return step * sum
  }
}()
