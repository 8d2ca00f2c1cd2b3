import Foundation

/// A part of what could be tried, for a run that is to end soon: the same one each time, unless
/// `RHYTHMLAB_SEED` says otherwise.
package enum Subset {
  private static let seed =
    ProcessInfo.processInfo.environment["RHYTHMLAB_SEED"].flatMap { UInt($0) } ?? 1

  /// One of every `count` of the elements, from an offset that follows from the seed, which is printed.
  package static func oneOfEvery<Element>(_ count: Int, of all: [Element]) -> [Element] {
    let chosen = stride(from: Int(seed % UInt(count)), to: all.count, by: count).map { all[$0] }
    print(
      "\(chosen.count) of \(all.count) tried, by the seed \(seed): RHYTHMLAB_SEED takes others, "
        + "RHYTHMLAB_THOROUGH=1 all")
    return chosen
  }
}
