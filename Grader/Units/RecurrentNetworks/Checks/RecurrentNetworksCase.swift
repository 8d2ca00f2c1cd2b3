import Judge

/// The base of this unit's checks. It does not name the unit, which names all checks: a verdict holds as
/// long as what its check names is as it was.
class RecurrentNetworksCase: CheckCase {
  override class var unit: String { "RecurrentNetworks" }
  override class var subjects: [Subject] { RecurrentNetworksSubjects.all }
  // BEGIN INSTRUCTOR: a student's copy has the mistakes' results among the recorded answers
  override class var mistakes: (any MistakeBook)? { VariantBook.recurrentNetworks }
  // END INSTRUCTOR
}
