import Foundation

/// How much of what could be tried a run tries: all of it, or a part that follows from a seed.
package enum Subset {
  private static let environment = ProcessInfo.processInfo.environment

  /// Whether a thorough run is asked for: everything that takes long too.
  package static let isThorough = environment["RHYTHMLAB_THOROUGH"] != nil

  private static let seed = environment["RHYTHMLAB_SEED"].flatMap { UInt($0) } ?? 1

  private static let part = environment["RHYTHMLAB_ONE_OF"].flatMap { Int($0) }.map { max(1, $0) }

  /// One of the elements, by the seed, which is printed; all in a thorough run of which no part is asked for.
  /// For what takes minutes for each.
  package static func one<Element>(of all: [Element]) -> [Element] {
    if all.isEmpty || (part ?? (isThorough ? 1 : 2)) == 1 { return all }
    let chosen = all[Int(seed % UInt(all.count))]
    print("\(chosen) of \(all.count), by the seed \(seed): RHYTHMLAB_SEED takes another")
    return [chosen]
  }

  /// One of every `count` of the elements, from an offset that follows from the seed, which is printed.
  ///
  /// - Parameters:
  ///   - count: for a run that is to end soon. A thorough run tries all, and `RHYTHMLAB_ONE_OF` says
  ///     another number.
  package static func oneOfEvery<Element>(_ count: Int, of all: [Element]) -> [Element] {
    let count = part ?? (isThorough ? 1 : count)
    guard count > 1 else { return all }
    let chosen = stride(from: Int(seed % UInt(count)), to: all.count, by: count).map { all[$0] }
    print(
      "\(chosen.count) of \(all.count) tried, by the seed \(seed): RHYTHMLAB_SEED takes others, "
        + "RHYTHMLAB_ONE_OF=1 all")
    return chosen
  }
}
