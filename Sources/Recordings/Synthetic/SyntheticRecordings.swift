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
  private static func publicCount(_ label: RhythmLabel) -> Int {
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
    count: Int = defaultCount, seed: UInt64 = defaultSeed,
    labels: [RhythmLabel] = RhythmLabel.allCases,
    progress: RecordingProgress = { _, _ in }
  ) -> RecordingSet {
    let plan = plan(count: count, seed: seed, labels: labels)
    let block = 32
    var made: [Made] = []
    made.reserveCapacity(count)
    for first in stride(from: 0, to: count, by: block) {
      made += concurrently(plan[first..<min(first + block, count)])
      progress(made.count, count)
    }
    return set(made, seed: seed)
  }

  /// `count` recordings, as many of each label, or one more of the first ones: those that `make` makes of one label
  /// alone, one label after another, under names of their own.
  static func makeEvenly(
    count: Int, seed: UInt64, labels: [RhythmLabel], progress: RecordingProgress
  ) -> RecordingSet {
    var all: [Made] = []
    for (place, label) in labels.enumerated() {
      let own = (count + labels.count - 1 - place) / labels.count
      let before = all.count
      let made = make(count: own, seed: seed, labels: [label]) { done, _ in
        progress(before + done, count)
      }
      all += made.enumerated().map { index, recording in
        Made(
          recording: Recording(
            name: name(before + index + 1), label: recording.label, samples: recording.samples),
          prematureBeats: made.prematureBeats[recording.name] ?? [])
      }
    }
    return set(all, seed: seed)
  }

  /// A recording with the samples of the R waves of its premature beats.
  struct Made: Equatable {
    let recording: Recording
    let prematureBeats: [Int]
  }

  private static func set(_ made: [Made], seed: UInt64) -> RecordingSet {
    RecordingSet(
      made.map(\.recording), source: "synthetic recordings, seed \(seed)", isSynthetic: true,
      prematureBeats: Dictionary(
        made.map { ($0.recording.name, $0.prematureBeats) }, uniquingKeysWith: { first, _ in first }
      ))
  }

  /// What a recording is made from: each has a generator of its own, so that they can be made in any
  /// order.
  struct Plan {
    let name: String
    let label: RhythmLabel
    let seed: UInt64

    func make() -> Made {
      var generator = MersenneTwister(seed: seed)
      let count = RecordingLength.draw(label, &generator)
      let (samples, prematureBeats) = SyntheticPatient.samples(label, count: count, &generator)
      return Made(
        recording: Recording(name: name, label: label, samples: samples),
        prematureBeats: prematureBeats)
    }
  }

  /// The recordings to make, in order.
  static func plan(count: Int, seed: UInt64, labels: [RhythmLabel]) -> [Plan] {
    precondition(count >= 0 && !labels.isEmpty, "\(count) recordings of \(labels.count) labels")
    var generator = MersenneTwister(seed: seed)
    let order = generator.permutation(count)
    let sorted = sortedLabels(count, labels)
    return order.enumerated().map { index, place in
      Plan(name: name(index + 1), label: sorted[place], seed: UInt64(generator.next32()))
    }
  }

  /// The labels' shares of `count` places: whole numbers, the remaining places to the largest
  /// remainders.
  private static func sortedLabels(_ count: Int, _ labels: [RhythmLabel]) -> [RhythmLabel] {
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

  /// The planned recordings in order, made on all processors.
  private static func concurrently(_ plan: ArraySlice<Plan>) -> [Made] {
    [Made](unsafeUninitializedCapacity: plan.count) { buffer, count in
      // Threads write disjoint places.
      nonisolated(unsafe) let target = buffer
      DispatchQueue.concurrentPerform(iterations: plan.count) { index in
        target.initializeElement(at: index, to: plan[plan.startIndex + index].make())
      }
      count = plan.count
    }
  }
}
