import Dispatch
import Foundation
import TensorCore

/// Recordings made by a model of the heart, as the Challenge 2017 has them, so that everything runs
/// without a download: McSharry's dynamical model (`DynamicalHeart`) with the rhythms, the noises and
/// the device of the challenge.
public enum SyntheticRecordings {
  /// Recordings in the default set.
  public static let defaultCount = 600
  /// Seed of the default set.
  public static let defaultSeed: UInt64 = 2017

  /// The challenge's public set, revision 2: recordings of each label.
  private static func publicCount(_ label: Rhythm) -> Int {
    switch label {
    case .normal: 5050
    case .fibrillation: 738
    case .other: 2456
    case .noisy: 284
    }
  }

  /// `count` recordings of `labels`, which have the shares that they have in the challenge. The same
  /// arguments give the same samples, on any number of threads. `count` is not negative, and there
  /// is at least one label.
  public static func make(
    count: Int = defaultCount, seed: UInt64 = defaultSeed, labels: [Rhythm] = Rhythm.allCases,
    progress: RecordingArchive.Progress = { _, _ in }
  ) -> Recordings {
    precondition(count >= 0 && !labels.isEmpty, "\(count) recordings of \(labels.count) labels")
    var generator = MersenneTwister(seed: seed)
    let order = generator.permutation(count)
    let sorted = sortedLabels(count, labels)
    // A generator for each recording, so that they can be made in any order.
    let seeds = (0..<count).map { _ in UInt64(generator.next32()) }
    let block = 32
    var all: [Recording] = []
    all.reserveCapacity(count)
    for first in stride(from: 0, to: count, by: block) {
      all += concurrently(first..<min(first + block, count)) { index in
        let label = sorted[order[index]]
        var own = MersenneTwister(seed: seeds[index])
        let length = RecordingLength.draw(label, &own)
        return Recording(
          name: name(index + 1), label: label,
          samples: SyntheticPatient.samples(label, count: length, &own))
      }
      progress(all.count, count)
    }
    return Recordings(all, source: "synthetic recordings, seed \(seed)")
  }

  /// The labels' shares of `count` places: whole numbers, the remaining places to the largest
  /// remainders.
  private static func sortedLabels(_ count: Int, _ labels: [Rhythm]) -> [Rhythm] {
    let total = labels.reduce(0) { $0 + publicCount($1) }
    var places = labels.map { count * publicCount($0) / total }
    let byRemainder = labels.indices.sorted {
      (count * publicCount(labels[$0]) % total, -$0)
        > (count * publicCount(labels[$1]) % total, -$1)
    }
    for index in byRemainder.prefix(count - places.reduce(0, +)) { places[index] += 1 }
    return zip(labels, places).flatMap { Array(repeating: $0, count: $1) }
  }

  /// `A00001` and so on, the challenge's names.
  private static func name(_ number: Int) -> String {
    let digits = String(number)
    return "A" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }

  /// `make` of each index, on all processors, in order.
  private static func concurrently(
    _ range: Range<Int>, _ make: @Sendable (Int) -> Recording
  ) -> [Recording] {
    [Recording](unsafeUninitializedCapacity: range.count) { buffer, count in
      // Threads write disjoint places.
      nonisolated(unsafe) let target = buffer
      DispatchQueue.concurrentPerform(iterations: range.count) { index in
        target.initializeElement(at: index, to: make(range.lowerBound + index))
      }
      count = range.count
    }
  }
}
