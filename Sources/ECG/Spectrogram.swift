import Foundation

/// The course's spectrogram, number for number that of
/// `scipy.signal.spectrogram(x, window=("tukey", 0.25), nperseg=32, noverlap=4,
/// detrend="constant", scaling="spectrum")`: one-sided power in squared units of `x`.
public struct Spectrogram: Sendable {
  /// Samples a window.
  public static let windowLength = 32
  /// Samples from one window's start to the next one's.
  public static let hop = 28
  /// Frequency bins: 0, 9.375, … 150 Hz at 300 samples a second.
  public static let binCount = 17

  /// The taper, SciPy's periodic Tukey window: the first 32 of 33 symmetric weights.
  private let taper: [Float]
  /// Cosines and sines of bins 0 to 15 at each of the folded samples 0 to 16.
  private let cosines: [SIMD16<Float>]
  private let sines: [SIMD16<Float>]
  private let scale: SIMD16<Float>
  private let lastScale: Float

  /// The tables for windows of 32 samples.
  public init() {
    let length = Self.windowLength
    let shape = 0.25
    let weights = (0..<length).map { index -> Double in
      let position = Double(index) / Double(length)
      if position <= shape / 2 { return 0.5 * (1 - cos(2 * .pi * position / shape)) }
      if position < 1 - shape / 2 { return 1 }
      return 0.5 * (1 - cos(2 * .pi * (1 - position) / shape))
    }
    taper = weights.map { Float($0) }
    func table(_ wave: (Double) -> Double) -> [SIMD16<Float>] {
      (0...(length / 2)).map { sample in
        var row = SIMD16<Float>()
        for bin in 0..<16 {
          // Reduced to one turn as whole numbers, so that the angle is exact.
          row[bin] = Float(wave(2 * .pi * Double(bin * sample % length) / Double(length)))
        }
        return row
      }
    }
    cosines = table(cos)
    sines = table(sin)
    let sum = weights.reduce(0, +)
    lastScale = Float(1 / (sum * sum))
    // One-sided: all bins but the first and the last stand for their mirror image too.
    var scale = SIMD16<Float>(repeating: 2 * lastScale)
    scale[0] = lastScale
    self.scale = scale
  }

  /// The windows that fit into `sampleCount` samples: 652 for 18286.
  public static func windowCount(of sampleCount: Int) -> Int {
    sampleCount < windowLength ? 0 : (sampleCount - windowLength) / hop + 1
  }

  /// The windows of a recording that the course keeps: `(sampleCount − 32) / 28`.
  public static func trueWindowCount(of sampleCount: Int) -> Int {
    max(0, windowCount(of: sampleCount) - 1)
  }

  /// The power of `samples`, zero-padded to `paddedLength` (or not), row-major [windows, 17].
  public func power(of samples: [Int16], paddedLength: Int? = nil) -> [Float] {
    let windows = Self.windowCount(of: max(paddedLength ?? 0, samples.count))
    var power = [Float](repeating: 0, count: windows * Self.binCount)
    power.withUnsafeMutableBufferPointer { fill($0, with: samples) }
    return power
  }

  /// Fills `power`, [windows, 17], with the first windows of `samples` followed by zeros. Windows
  /// wholly behind the samples are left as they are: their power is exactly 0.
  func fill(_ power: UnsafeMutableBufferPointer<Float>, with samples: [Int16]) {
    let length = Self.windowLength
    let windows = min(
      power.count / Self.binCount, (samples.count + Self.hop - 1) / Self.hop)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: length) { tapered in
      samples.withUnsafeBufferPointer { samples in
        for window in 0..<windows {
          let start = window * Self.hop
          let filled = min(length, samples.count - start)
          var sum: Int32 = 0
          for index in 0..<filled { sum += Int32(samples[start + index]) }
          let mean = Float(sum) / Float(length)
          for index in 0..<filled {
            tapered[index] = (Float(samples[start + index]) - mean) * taper[index]
          }
          for index in filled..<length { tapered[index] = -mean * taper[index] }
          transform(tapered, into: power, at: window * Self.binCount)
        }
      }
    }
  }

  /// The discrete Fourier transform of 32 real numbers as a product with fixed tables: mirrored
  /// samples share a cosine and, but for the sign, a sine, which halves the work.
  private func transform(
    _ samples: UnsafeMutableBufferPointer<Float>,
    into power: UnsafeMutableBufferPointer<Float>, at place: Int
  ) {
    let half = Self.windowLength / 2
    let middle = samples[half]
    var real = samples[0] * cosines[0] + middle * cosines[half]
    var imaginary = SIMD16<Float>()
    var alternating = samples[0] + middle
    for index in 1..<half {
      let mirror = samples[Self.windowLength - index]
      let even = samples[index] + mirror
      real += even * cosines[index]
      imaginary += (samples[index] - mirror) * sines[index]
      alternating += index & 1 == 0 ? even : -even
    }
    let bins = (real * real + imaginary * imaginary) * scale
    UnsafeMutableRawPointer(power.baseAddress?.advanced(by: place))?
      .storeBytes(of: bins, as: SIMD16<Float>.self)
    power[place + 16] = alternating * alternating * lastScale
  }
}
