import Foundation

/// Runs the trials of a study on several threads with the same result on any number of them: the point of a trial
/// follows from the trials before it, without the last few, which may still run beside it. How many may, is a part of
/// the study and not of the machine.
package struct TrialSchedule: Sendable {
  /// Trials in all.
  package let count: Int
  /// How many may run at a time: trial n is proposed from the trials up to n less this number.
  package let together: Int
  /// Threads, which do not matter.
  package let jobs: Int

  /// Describes a schedule.
  package init(count: Int, together: Int, jobs: Int) {
    self.count = count
    self.together = max(together, 1)
    self.jobs = max(jobs, 1)
  }

  /// How many trials a trial's proposal knows, which are those before all that may run beside it.
  ///
  /// - Parameter trial: from 1.
  package func known(before trial: Int) -> Int { max(0, trial - together) }

  /// Runs those trials that are not there yet.
  ///
  /// - Parameters:
  ///   - records: those that are there, whichever.
  ///   - propose: the point of a trial, from the known ones in their order; never called twice at a time.
  ///   - run: does a trial.
  ///   - onEnd: is told of each trial that ends, with all that there are in their order; never called twice at a time.
  /// - Returns: all records in their order.
  /// - Throws: the first error of those, when the trials that run have ended.
  package func run(
    from records: [TrialRecord],
    propose: @escaping @Sendable (_ trial: Int, _ known: [TrialRecord]) throws -> [Double],
    run: @escaping @Sendable (_ trial: Int, _ point: [Double]) throws -> TrialRecord,
    onEnd: @escaping @Sendable (_ record: TrialRecord, _ all: [TrialRecord]) throws -> Void
  ) throws -> [TrialRecord] {
    let board = Board(records, count: count)
    let group = DispatchGroup()
    for _ in 0..<min(jobs, together) {
      group.enter()
      // threads of its own: those of a queue are as many as processors, and these mostly wait for workers
      let thread = Thread {
        defer { group.leave() }
        while let trial = board.next(known(before:)) {
          do {
            let point = try board.alone { records in
              try propose(trial, records.filter { $0.trial <= known(before: trial) })
            }
            let record = try run(trial, point)
            try board.end(record, onEnd)
          } catch {
            board.fail(error)
          }
        }
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    group.wait()
    return try board.result()
  }

  /// What threads know of each other. Everything in it is read and written under the condition's lock.
  private final class Board: @unchecked Sendable {
    private let condition = NSCondition()
    private var records: [Int: TrialRecord]
    private var waiting: [Int]
    private var failure: (any Error)?

    init(_ records: [TrialRecord], count: Int) {
      self.records = Dictionary(records.map { ($0.trial, $0) }) { $1 }
      let done = Set(records.map(\.trial))
      waiting = stride(from: 1, through: count, by: 1).filter { !done.contains($0) }
    }

    private func locked<Result>(_ body: () throws -> Result) rethrows -> Result {
      condition.lock()
      defer { condition.unlock() }
      return try body()
    }

    /// The next trial, when all that it must know are there; nil when there is none, or one has failed.
    func next(_ known: (Int) -> Int) -> Int? {
      locked {
        while failure == nil, let trial = waiting.first {
          let needed = stride(from: 1, through: known(trial), by: 1)
          if needed.allSatisfy({ records[$0] != nil }) { return waiting.removeFirst() }
          condition.wait()
        }
        return nil
      }
    }

    private var inOrder: [TrialRecord] { records.values.sorted { $0.trial < $1.trial } }

    /// Does something with the records, and nothing beside it.
    func alone<Result>(_ body: ([TrialRecord]) throws -> Result) rethrows -> Result {
      try locked { try body(inOrder) }
    }

    func end(
      _ record: TrialRecord, _ onEnd: (TrialRecord, [TrialRecord]) throws -> Void
    ) throws {
      try locked {
        records[record.trial] = record
        condition.broadcast()
        try onEnd(record, inOrder)
      }
    }

    func fail(_ error: any Error) {
      locked {
        failure = failure ?? error
        condition.broadcast()
      }
    }

    func result() throws -> [TrialRecord] {
      try locked {
        if let failure { throw failure }
        return inOrder
      }
    }
  }
}
