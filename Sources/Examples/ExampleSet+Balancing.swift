import TensorCore

extension ExampleSet {
  /// The set with random examples of the smaller classes repeated until all classes are as large as
  /// the largest: whole rounds first, then a remainder without replacement. A set without classes stays
  /// as it is.
  public func balanced(_ generator: inout MersenneTwister) -> ExampleSet {
    guard case .classes(let labels, _) = targets else { return self }
    return selecting(balancedIndices(labels, &generator))
  }
}

extension ExampleSet {
  /// So many random examples of each class that occurs: where there are fewer, all of them in whole rounds and
  /// a random remainder. A set without classes stays as it is.
  public func drawn(perClass count: Int, _ generator: inout MersenneTwister) -> ExampleSet {
    drawn(perClass: count) { generator.permutation($0) }
  }

  /// The same with another source of permutations.
  public func drawn(perClass count: Int, permutation: (Int) -> [Int]) -> ExampleSet {
    places(perClass: count, permutation: permutation).map { selecting($0) } ?? self
  }

  /// The places of the examples that are so drawn; nil for a set without classes.
  public func places(perClass count: Int, permutation: (Int) -> [Int]) -> [Int]? {
    guard case .classes(let labels, let classCount) = targets, count > 0 else { return nil }
    var members = [[Int]](repeating: [], count: classCount)
    for (index, label) in labels.enumerated() { members[Int(label)].append(index) }
    var indices: [Int] = []
    for samples in members where !samples.isEmpty {
      var missing = count
      while missing > 0 {
        let round = permutation(samples.count).prefix(missing)
        indices += round.map { samples[$0] }
        missing -= round.count
      }
    }
    return indices
  }
}

/// Indices that repeat samples of the smaller classes until every class is as large as the largest:
/// first all samples in their order, then for each smaller class as many whole rounds as fit, then
/// a random remainder without replacement. Labels that do not occur do not count as a class.
func balancedIndices(_ labels: [Int32], _ generator: inout MersenneTwister) -> [Int] {
  var members: [Int32: [Int]] = [:]
  for (index, label) in labels.enumerated() { members[label, default: []].append(index) }
  let largest = members.values.map(\.count).max() ?? 0
  var indices = Array(labels.indices)
  indices.reserveCapacity(largest * members.count)
  // A dictionary's order differs from run to run; the order of labels does not.
  for label in members.keys.sorted() {
    let samples = members[label, default: []]
    let (rounds, rest) = (largest - samples.count).quotientAndRemainder(dividingBy: samples.count)
    for _ in 0..<rounds { indices.append(contentsOf: samples) }
    if rest > 0 {
      for pick in generator.permutation(samples.count).prefix(rest) {
        indices.append(samples[pick])
      }
    }
  }
  return indices
}
