import TensorCore

/// What the challenge's label O stands for here: rhythms that are neither normal nor fibrillation.
///
/// The challenge does not say which rhythms its O holds. These are the commonest of textbooks, all
/// equally likely, with rates and intervals that textbooks give.
enum OtherRhythm: CaseIterable {
  /// Fewer than 60 beats a minute.
  case bradycardia
  /// More than 100 beats a minute.
  case tachycardia
  /// Early beats from the atria, one in eight.
  case atrialEctopy
  /// Early broad beats from the ventricles with a pause after them, one in eight.
  case ventricularEctopy
  /// Every second beat comes from the ventricles.
  case bigeminy
  /// 240 to 350 atrial waves a minute, of which every second, third or fourth is followed by a beat.
  case flutter
  /// The P wave comes more than 0.2 s before the R wave.
  case firstDegreeBlock
  /// Every third to fifth P wave is followed by no beat.
  case secondDegreeBlock

  /// Beats a minute.
  var rates: ClosedRange<Double> {
    switch self {
    case .bradycardia: 40...58
    case .tachycardia: 102...150
    default: 60...95
    }
  }
}
