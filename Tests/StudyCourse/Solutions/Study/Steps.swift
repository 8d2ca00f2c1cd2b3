import TensorCore

/// The places of so many examples of each class, drawn with replacement.
func drawn(_ labels: [Int32], perClass: Int, seed: UInt64) -> [Int] {
  var generator = RandomGenerator(seed: seed)
  return Set(labels).sorted().flatMap { label in
    let members = labels.indices.filter { labels[$0] == label }
    return (0..<perClass).map { _ in
      members[min(Int(generator.nextUniform() * Float(members.count)), members.count - 1)]
    }
  }
}

/// What is added from each value to the next, row by row.
func differences(_ beats: Tensor) throws -> Tensor {
  let (count, width) = (beats.shape[0], beats.shape[1])
  let values = beats.array
  return try Tensor(
    (0..<count).flatMap { row in
      (1..<width).map { values[row * width + $0] - values[row * width + $0 - 1] }
    }, shape: [count, width - 1])
}

/// A point of a search: the best one so far with each number moved a little, or the middle of all.
func proposal(
  _ points: [[Float]], _ scores: [Float], kinds: [String], lows: [Double], highs: [Double],
  seed: UInt64
) -> [Float] {
  var generator = RandomGenerator(seed: seed)
  let best = scores.indices.max { scores[$0] < scores[$1] }.map { points[$0] }
  return kinds.indices.map { place in
    let (low, high) = (Float(lows[place]), Float(highs[place]))
    // of a choice the bounds are 0 and how many there are
    if kinds[place] == "choice" { return min(Float(Int(generator.nextUniform() * high)), high - 1) }
    let start = best?[place] ?? (low + high) / 2
    return min(max(start + (generator.nextUniform() - 0.5) * (high - low) / 4, low), high)
  }
}
