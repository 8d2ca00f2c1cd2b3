import Dispatch
import Signals
import TensorCore

/// Records of twelve leads made by the model of a heart's dipole: diagnoses are parameters with names, those that are
/// held out are in no training record, and a second source records with another device.
public enum SyntheticTwelveLeads {
  /// Records in the default set: half to train on, a quarter to test on, a quarter of the other source.
  static let defaultCount = 4000
  static let defaultSeed: UInt64 = 2021

  /// What a record is made from: each has a generator of its own, so that they can be made in any order.
  struct Plan: Sendable, Equatable {
    let name: String
    let diagnoses: [SyntheticDiagnosis]
    let isOtherSource: Bool
    /// 1 to 8 for records to train on, 9 or 10 for the others, as PTB-XL's official parts.
    let fold: Int
    let seed: UInt64

    /// The leads as a file has them.
    func leads() -> [[Int16]] {
      var generator = MersenneTwister(seed: seed)
      return DipoleHeart.record(diagnoses, isOtherSource: isOtherSource, &generator)
    }

    /// The record, by the steps of one that is read from its file.
    func record(_ leads: [[Int16]]) -> TwelveLeadRecord {
      let gain = Double(DipoleHeart.unitsPerMillivolt)
      let signal = TwelveLeadSignal(
        leads, scales: leads.map { _ in .init(gain: gain, zero: 0) },
        SyntheticTwelveLeads.resampling)
      return TwelveLeadRecord(
        name: name, rate: Double(DipoleHeart.samplesPerSecond), gain: gain,
        codes: DiagnosisCodes.merged(diagnoses.map(\.code)), fold: fold, signal: signal)
    }
  }

  private static let resampling = RationalResampling(
    up: 1, down: DipoleHeart.samplesPerSecond / TwelveLeadRecord.samplesPerSecond)

  /// `count` records. The same arguments give the same samples, on any number of threads.
  static func make(count: Int, seed: UInt64, progress: RecordingProgress) -> TwelveLeadSet {
    let plans = plans(count: count, seed: seed)
    var records = TwelveLeadRecords()
    let block = 64
    for first in stride(from: 0, to: plans.count, by: block) {
      let own = plans[first..<min(first + block, plans.count)]
      for record in concurrently(own, { $0.record($0.leads()) }) { records.append(record) }
      progress(records.count, plans.count)
    }
    return TwelveLeadSet(
      records.finished(), plans: plans, source: "synthetic recordings, seed \(seed)",
      isSynthetic: true)
  }

  /// Calls `body` with the leads of each, in order.
  static func forEach(_ plans: [Plan], _ body: (Plan, [[Int16]]) throws -> Void) throws {
    let block = 64
    for first in stride(from: 0, to: plans.count, by: block) {
      let own = plans[first..<min(first + block, plans.count)]
      for (plan, leads) in zip(own, concurrently(own) { $0.leads() }) { try body(plan, leads) }
    }
  }

  private static func concurrently<Result: Sendable>(
    _ plans: ArraySlice<Plan>, _ make: @Sendable (Plan) -> Result
  ) -> [Result] {
    [Result](unsafeUninitializedCapacity: plans.count) { buffer, count in
      // Threads write disjoint places.
      nonisolated(unsafe) let target = buffer
      DispatchQueue.concurrentPerform(iterations: plans.count) { index in
        target.initializeElement(at: index, to: make(plans[plans.startIndex + index]))
      }
      count = plans.count
    }
  }

  // MARK: What to make

  /// The records to make, in order: of the tested ones three fifths are drawn as the others, the rest have what is held
  /// out, as many of each.
  static func plans(count: Int, seed: UInt64) -> [Plan] {
    let tested = count / 4
    let heldOut =
      (SyntheticDiagnosis.near + SyntheticDiagnosis.opposite).map { [$0] }
      + SyntheticDiagnosis.described.map(\.findings)
    let each = tested * 2 / 5 / heldOut.count
    let musts =
      [[SyntheticDiagnosis]](repeating: [], count: tested - each * heldOut.count)
      + heldOut.flatMap { Array(repeating: $0, count: each) }
    var seeds = MersenneTwister(seed: seed)
    func plans(
      _ letter: String, from first: Int, _ musts: [[SyntheticDiagnosis]], isOther: Bool,
      folds: ClosedRange<Int>
    ) -> [Plan] {
      // the parts do not depend on each other's sizes
      var own = MersenneTwister(seed: UInt64(seeds.next32()))
      return musts.enumerated().map { index, must in
        let digits = "\(first + index)"
        return Plan(
          name: letter + String(repeating: "0", count: max(0, 5 - digits.count)) + digits,
          diagnoses: draw(must, &own), isOtherSource: isOther,
          fold: folds.lowerBound + index % folds.count, seed: UInt64(own.next32()))
      }
    }
    let training = count - 2 * tested
    return plans(
      "X", from: 1, Array(repeating: [], count: training), isOther: false, folds: 1...8)
      + plans("X", from: training + 1, musts, isOther: false, folds: 9...10)
      + plans("Y", from: 1, musts, isOther: true, folds: 9...10)
  }

  /// The diagnoses of a record: one rhythm and up to two findings, or what it must have with up to one more. What is held
  /// out is not among the others.
  private static func draw(
    _ must: [SyntheticDiagnosis], _ generator: inout MersenneTwister
  ) -> [SyntheticDiagnosis] {
    while true {
      var own: [SyntheticDiagnosis] = []
      if !must.contains(where: \.isRhythm) {
        own.append(
          SyntheticDiagnosis.rhythms[
            generator.nextIndex(below: SyntheticDiagnosis.rhythms.count)])
      }
      own += must
      let chance = generator.draw(0...1)
      let count = must.isEmpty ? (chance < 0.2 ? 0 : chance < 0.65 ? 1 : 2) : chance < 0.6 ? 0 : 1
      for place in generator.permutation(SyntheticDiagnosis.findings.count).prefix(count) {
        let finding = SyntheticDiagnosis.findings[place]
        if !own.contains(finding) { own.append(finding) }
      }
      let all = Set(own)
      let hasOthers = SyntheticDiagnosis.described.contains {
        all.isSuperset(of: $0.findings) && !Set(must).isSuperset(of: $0.findings)
      }
      if SyntheticDiagnosis.fit(all), !hasOthers { return own }
    }
  }
}
