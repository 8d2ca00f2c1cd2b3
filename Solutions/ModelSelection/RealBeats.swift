import TensorCore

/// As many places of each class as one wants: each once before one comes again (given, to compare made beats with).
///
/// - Parameter labels: the class of each beat.
public func repeatedBeats(
  _ labels: [Int], perClass: Int, using generator: inout RandomGenerator
) -> [Int] {
  Set(labels).sorted().flatMap { c -> [Int] in
    let own = labels.indices.filter { labels[$0] == c }
    var drawn: [Int] = []
    while drawn.count < perClass {
      drawn += drawnBeats(own, count: perClass - drawn.count, using: &generator).map { own[$0] }
    }
    return drawn
  }
}

/// Places of some beats, with the shares that the classes have, none twice (given, to compare made beats with).
///
/// - Parameter count: how many; all where that are more.
public func drawnBeats(
  _ labels: [Int], count: Int, using generator: inout RandomGenerator
) -> [Int] {
  var places = Array(labels.indices)
  for i in places.indices.prefix(count) {
    places.swapAt(i, i + generator.index(below: places.count - i))
  }
  return Array(places.prefix(count))
}
