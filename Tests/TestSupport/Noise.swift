/// Number `index` of a stream, in [−1, 1): what `Tests/Reference/noise.py` gives, so that a
/// large input need not be in a fixture.
package func noise(_ index: Int, stream: Int) -> Double {
  var u = UInt32(truncatingIfNeeded: index) &* 2_654_435_761
  u = u &+ UInt32((stream + 1) * 40503)
  u ^= u >> 16
  u = u &* 2_246_822_519
  u ^= u >> 13
  return Double(u) / 0x1p31 - 1
}
