import Judge

/// The base of this unit's checks.
class RecurrentNetworksCase: CheckCase {
  override class var unit: String { "RecurrentNetworks" }
  // BEGIN INSTRUCTOR: a student's copy has the mistakes' results among the recorded answers
  override class var mistakes: (any MistakeBook)? { RecurrentNetworksMistakes() }
  // END INSTRUCTOR
}
