/// The classes of heartbeats that the AAMI's recommendation EC57 tells apart; the raw value is the class's
/// number.
public enum HeartbeatClass: Int, CaseIterable, Sendable {
  /// Beats from the sinus node, with a bundle branch block too, and escape beats of atria and node.
  case normal
  /// Early beats from above the ventricles.
  case supraventricular
  /// Beats from the ventricles.
  case ventricular
  /// Beats that a normal and a ventricular one make together.
  case fusion
  /// Paced beats, their fusions with normal ones, and what could not be told.
  case unknown

  /// The letter that tables have.
  public var letter: String { ["N", "S", "V", "F", "Q"][rawValue] }

  /// The annotations of the MIT-BIH database that are beats of it.
  package var symbols: String { ["NLRej", "AaJS", "VE", "F", "/fQ"][rawValue] }

  /// The class by an annotation's code; nil for what is no beat.
  static let byCode: [HeartbeatClass?] = (0...255).map { code in
    guard let symbol = WFDBAnnotations.symbols[UInt8(code)] else { return nil }
    return allCases.first { $0.symbols.contains(symbol) }
  }
}

/// A set of heartbeats that a training, a choice or a report is made on.
public enum HeartbeatPart: String, CaseIterable, Sendable {
  /// What networks are fitted to.
  case training
  /// What trainings are compared by while they run.
  case validation
  /// What choices are made by.
  case test
  /// What is looked at once.
  case holdOut = "hold-out"
}
