import Foundation
import Gradebook
import Intake

/// The decisions that a gradebook keeps.
public struct KeptDecisions: Sendable {
  /// Each with its number, the first one first.
  public let all: [(id: Int64, decision: Decision, reason: String, date: Date)]

  /// Those that hold. One of a newer version of the grader is none of this one's.
  public init(_ gradebook: Gradebook) throws {
    all = try gradebook.decisions().compactMap { kept in
      guard let decision = try? JSONDecoder().decode(Decision.self, from: kept.decision) else {
        return nil
      }
      return (kept.id, decision, kept.reason, kept.decidedAt)
    }
  }

  /// As an intake goes by them.
  public var decisions: Decisions { Decisions(all.map(\.decision)) }

  /// Keeps a decision in a gradebook; those that it replaces are taken back. One that holds already is not
  /// kept again.
  public func keep(_ decision: Decision, reason: String = "", in gradebook: Gradebook) throws {
    guard !all.contains(where: { $0.decision == decision }) else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try gradebook.decide(
      try encoder.encode(decision), reason: reason,
      replacing: all.filter { decision.replaces($0.decision) }.map(\.id))
  }
}
