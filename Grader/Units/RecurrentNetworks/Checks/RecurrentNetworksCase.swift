import Judge

/// The base of this unit's checks.
class RecurrentNetworksCase: CheckCase {
  override class var facts: UnitFacts? { RecurrentNetworksFacts.all }
}
