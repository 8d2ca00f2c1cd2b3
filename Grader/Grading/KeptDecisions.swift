import Foundation
import Gradebook
import Intake

/// The decisions that a gradebook keeps.
public struct KeptDecisions: Sendable {
  /// A decision with its number, why it was made and when.
  public typealias Kept = (id: Int64, decision: Decision, reason: String, date: Date)

  /// The first one first.
  public let all: [Kept]

  /// Those that hold. One of a newer version of the grader is none of this one's.
  public init(_ gradebook: Gradebook) throws {
    all = try gradebook.decisions().compactMap(Self.read)
  }

  private static func read(_ kept: KeptDecision) -> Kept? {
    guard let decision = try? JSONDecoder().decode(Decision.self, from: kept.decision) else {
      return nil
    }
    return (kept.id, decision, kept.reason, kept.decidedAt)
  }

  /// As an intake goes by them.
  public var decisions: Decisions { Decisions(all.map(\.decision)) }

  /// Keeps a decision in a gradebook; those that it replaces are taken back. One that holds already is not
  /// kept again.
  ///
  /// - Returns: those that it takes the place of.
  @discardableResult
  public func keep(
    _ decision: Decision, reason: String = "", in gradebook: Gradebook
  ) throws -> [Kept] {
    guard !all.contains(where: { $0.decision == decision }) else { return [] }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let replaced = all.filter { decision.replaces($0.decision) }
    try gradebook.decide(
      try encoder.encode(decision), reason: reason, replacing: replaced.map(\.id))
    return replaced
  }

  /// Takes a decision back; those that it took the place of hold again, unless another one of now leaves
  /// them no room.
  ///
  /// - Returns: those that hold again.
  public func takeBack(_ id: Int64, in gradebook: Gradebook) throws -> [Kept] {
    let others = all.filter { $0.id != id }
    let again = try gradebook.decisions(replacedBy: id).filter { kept in
      guard let old = Self.read(kept)?.decision else { return false }
      return !others.contains { $0.decision == old || $0.decision.replaces(old) }
    }
    _ = try gradebook.takeBackDecision(id, bringingBack: again)
    return again.compactMap(Self.read)
  }
}
