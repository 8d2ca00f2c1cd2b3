import Judge

/// The base of this unit's checks.
class RecurrentNetworksCase: CheckCase {
  override class var unit: (any CourseUnit.Type)? { RecurrentNetworksUnit.self }
}
