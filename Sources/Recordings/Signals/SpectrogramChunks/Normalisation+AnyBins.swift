extension Normalisation {
  /// The same for any number of bins, with every bin summed in the same order. For the course's 17
  /// the vectorised form takes a third of the time.
  init(
    any frames: UnsafeMutableBufferPointer<Float>, binCount: Int, stored: [Int], kept: [Int],
    windows: Int
  ) {
    let bins = 0..<binCount
    let count = Float(stored.count * windows)

    /// The sums over all rows of `value(number, bin)`, padding included.
    func sums(_ value: (Float, Int) -> Float) -> [Float] {
      var sums = [Float](repeating: 0, count: binCount)
      let padding = bins.map { value(0, $0) }
      var place = 0
      for rows in stored {
        for _ in 0..<rows {
          for bin in bins { sums[bin] += value(frames[place + bin], bin) }
          place += binCount
        }
        for _ in rows..<windows {
          for bin in bins { sums[bin] += padding[bin] }
        }
      }
      return sums
    }

    let average = sums { number, _ in number }.map { $0 / count }
    let drift = sums { $0 - average[$1] }.map { $0 / count }
    let variance = sums { number, bin in
      let distance = number - average[bin] - drift[bin]
      return distance * distance
    }.map { $0 / count }
    let spread = variance.map { $0 == 0 ? 1 : $0.squareRoot() }

    var total = 0.0
    var squares = 0.0
    func normal(_ number: Float, _ bin: Int, times: Double = 1) -> Float {
      let normal = (number - average[bin]) / spread[bin]
      total += Double(normal) * times
      squares += Double(normal) * Double(normal) * times
      return normal
    }
    var source = 0
    var target = 0
    for (rows, keep) in zip(stored, kept) {
      for row in 0..<rows {
        for bin in bins {
          let number = normal(frames[source + bin], bin)
          if row < keep { frames[target + bin] = number }
        }
        source += binCount
        if row < keep { target += binCount }
      }
      for bin in bins { _ = normal(0, bin, times: Double(windows - rows)) }
    }
    let numbers = Double(max(stored.count * windows * binCount, 1))
    let mean = total / numbers
    self.init(
      means: average, deviations: spread, mean: mean,
      deviation: (squares / numbers - mean * mean).squareRoot())
  }
}
