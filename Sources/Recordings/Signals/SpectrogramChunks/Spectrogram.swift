import Foundation

/// A spectrogram as the course makes it, number for number that of
/// `scipy.signal.spectrogram(x, window=("tukey", 0.25), nperseg=32, noverlap=4,
/// detrend="constant", scaling="spectrum")`: one-sided power in squared units of `x`.
public struct Spectrogram: Sendable {
  /// The lengths that a window may have: even ones of these.
  public static let windowLengths = 4...512

  /// Samples a window: 32 in the course.
  public let windowLength: Int
  /// Samples from one window's start to the next one's: 28 in the course.
  public let hop: Int
  /// Frequency bins from 0 to half the sampling rate: 17 in the course, 9.375 Hz apart.
  public let binCount: Int

  /// The taper, SciPy's periodic Tukey window: the first `windowLength` of one weight more.
  private let taper: [Float]
  /// Cosines and sines of all bins but the last, sixteen in a block, [folded samples, blocks].
  private let cosines: [SIMD16<Float>]
  private let sines: [SIMD16<Float>]
  private let blockCount: Int
  private let lastScale: Float

  /// The tables for windows of `windowLength` samples of which `overlap` belong to the next one
  /// too; as they stand the course's.
  public init(windowLength: Int = 32, overlap: Int = 4) {
    precondition(
      Self.windowLengths.contains(windowLength) && windowLength % 2 == 0
        && (0..<windowLength).contains(overlap), "a window of \(windowLength), \(overlap) shared")
    self.windowLength = windowLength
    hop = windowLength - overlap
    binCount = windowLength / 2 + 1
    let length = windowLength
    let blocks = (length / 2 + 15) / 16
    blockCount = blocks
    let shape = 0.25
    let weights = (0..<length).map { index -> Double in
      let position = Double(index) / Double(length)
      if position <= shape / 2 { return 0.5 * (1 - cos(2 * .pi * position / shape)) }
      if position < 1 - shape / 2 { return 1 }
      return 0.5 * (1 - cos(2 * .pi * (1 - position) / shape))
    }
    taper = weights.map { Float($0) }
    func table(_ wave: (Double) -> Double) -> [SIMD16<Float>] {
      (0...(length / 2)).flatMap { sample in
        (0..<blocks).map { block in
          var row = SIMD16<Float>()
          for bin in 0..<16 {
            // Reduced to one turn as whole numbers, so that the angle is exact.
            let turn = (block * 16 + bin) * sample % length
            row[bin] = Float(wave(2 * .pi * Double(turn) / Double(length)))
          }
          return row
        }
      }
    }
    cosines = table(cos)
    sines = table(sin)
    let sum = weights.reduce(0, +)
    lastScale = Float(1 / (sum * sum))
  }

  /// The windows that fit into `sampleCount` samples: 652 for the course's 18286.
  public func windowCount(of sampleCount: Int) -> Int {
    sampleCount < windowLength ? 0 : (sampleCount - windowLength) / hop + 1
  }

  /// The windows of a recording that the course keeps: `(sampleCount − 32) / 28`.
  public func trueWindowCount(of sampleCount: Int) -> Int {
    max(0, windowCount(of: sampleCount) - 1)
  }

  /// The power of `samples`, zero-padded to `paddedLength` (or not), row-major
  /// [windows, binCount].
  public func power(of samples: [Int16], paddedLength: Int? = nil) -> [Float] {
    let windows = windowCount(of: max(paddedLength ?? 0, samples.count))
    var power = [Float](repeating: 0, count: windows * binCount)
    power.withUnsafeMutableBufferPointer { fill($0, with: samples) }
    return power
  }

  /// Fills `power`, [windows, binCount], with the first windows of `samples` followed by zeros. Windows
  /// wholly behind the samples are left as they are: their power is exactly 0.
  func fill(_ power: UnsafeMutableBufferPointer<Float>, with samples: [Int16]) {
    let length = windowLength
    let windows = min(
      power.count / binCount, (samples.count + hop - 1) / hop)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: length) { tapered in
      samples.withUnsafeBufferPointer { samples in
        for window in 0..<windows {
          let start = window * hop
          let filled = min(length, samples.count - start)
          var sum: Int32 = 0
          for index in 0..<filled { sum += Int32(samples[start + index]) }
          let mean = Float(sum) / Float(length)
          for index in 0..<filled {
            tapered[index] = (Float(samples[start + index]) - mean) * taper[index]
          }
          for index in filled..<length { tapered[index] = -mean * taper[index] }
          transform(tapered, into: power, at: window * binCount)
        }
      }
    }
  }

  /// The discrete Fourier transform of real numbers as a product with fixed tables: mirrored
  /// samples share a cosine and, but for the sign, a sine, which halves the work.
  private func transform(
    _ samples: UnsafeMutableBufferPointer<Float>,
    into power: UnsafeMutableBufferPointer<Float>, at place: Int
  ) {
    let half = windowLength / 2
    let middle = samples[half]
    for block in 0..<blockCount {
      var real = samples[0] * cosines[block] + middle * cosines[half * blockCount + block]
      var imaginary = SIMD16<Float>()
      for index in 1..<half {
        let mirror = samples[windowLength - index]
        real += (samples[index] + mirror) * cosines[index * blockCount + block]
        imaginary += (samples[index] - mirror) * sines[index * blockCount + block]
      }
      // One-sided: all bins but the first and the last stand for their mirror image too.
      var scale = SIMD16<Float>(repeating: 2 * lastScale)
      if block == 0 { scale[0] = lastScale }
      let bins = (real * real + imaginary * imaginary) * scale
      let first = block * 16
      if first + 16 <= half {
        UnsafeMutableRawPointer(power.baseAddress?.advanced(by: place + first))?
          .storeBytes(of: bins, as: SIMD16<Float>.self)
      } else {
        for bin in first..<half { power[place + bin] = bins[bin - first] }
      }
    }
    // The last bin, half the sampling rate, changes its sign from sample to sample.
    var alternating = samples[0] + (half & 1 == 0 ? middle : -middle)
    for index in 1..<half {
      let both = samples[index] + samples[windowLength - index]
      alternating += index & 1 == 0 ? both : -both
    }
    power[place + half] = alternating * alternating * lastScale
  }
}
