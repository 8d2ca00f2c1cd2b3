/// What a synthetic twelve-lead record can show; the raw value is the challenge's name.
public enum SyntheticDiagnosis: String, CaseIterable, Sendable {
  // rhythms, one in each record
  case sinusRhythm = "sinus rhythm"
  case sinusBradycardia = "sinus bradycardia"
  case sinusTachycardia = "sinus tachycardia"
  case sinusArrhythmia = "sinus arrhythmia"
  case atrialFibrillation = "atrial fibrillation"
  case atrialFlutter = "atrial flutter"
  case supraventricularTachycardia = "supraventricular tachycardia"
  case pacingRhythm = "pacing rhythm"
  // findings, none to two in each record
  case prematureAtrialContraction = "premature atrial contraction"
  case prematureVentricularContractions = "premature ventricular contractions"
  case firstDegreeBlock = "1st degree av block"
  case rightBundleBranchBlock = "right bundle branch block"
  case leftAxisDeviation = "left axis deviation"
  case lowVoltages = "low qrs voltages"
  case leftVentricularHypertrophy = "left ventricular hypertrophy"
  case prolongedQT = "prolonged qt interval"
  case stElevation = "st elevation"
  case tWaveInversion = "t wave inversion"
  case abnormalQWave = "qwave abnormal"
  // held out, another of the kind is seen
  case rapidAtrialFibrillation = "rapid atrial fibrillation"
  case ventricularBigeminy = "ventricular bigeminy"
  case leftBundleBranchBlock = "left bundle branch block"
  // held out, only the opposite is seen
  case rightAxisDeviation = "right axis deviation"
  case stDepression = "st depression"

  /// The rhythms that training records have.
  package static let rhythms = Array(allCases[..<8])
  /// The findings that training records have.
  package static let findings = Array(allCases[8..<19])
  /// Held out, though another diagnosis of the kind is seen.
  package static let near = Array(allCases[19..<22])
  /// Held out, and only the opposite is seen.
  package static let opposite = Array(allCases[22...])

  /// Whether it is a rhythm, of which a heart has one.
  package var isRhythm: Bool {
    Self.rhythms.contains(self) || self == .rapidAtrialFibrillation
  }

  /// Two findings that are held out together under another name: both are seen, never in one record. The real
  /// conditions are more than that.
  package static let described: [(name: String, findings: [SyntheticDiagnosis])] = [
    ("pericardial effusion", [.sinusTachycardia, .lowVoltages]),
    ("bifascicular block", [.rightBundleBranchBlock, .leftAxisDeviation]),
    ("left ventricular strain", [.leftVentricularHypertrophy, .tWaveInversion]),
    ("increased vagal tone", [.sinusBradycardia, .firstDegreeBlock]),
    ("acute pulmonary embolism", [.sinusTachycardia, .rightBundleBranchBlock]),
  ]

  /// Of each of these sets a record shows one at most.
  private static let exclusive: [Set<SyntheticDiagnosis>] = [
    [.rightBundleBranchBlock, .leftBundleBranchBlock],
    [.leftAxisDeviation, .rightAxisDeviation],
    [.lowVoltages, .leftVentricularHypertrophy],
    [.prematureAtrialContraction, .prematureVentricularContractions, .ventricularBigeminy],
    [.stElevation, .stDepression, .tWaveInversion],
  ]
  /// What only a rhythm of the sinus node can have.
  private static let ofSinusRhythms: Set<SyntheticDiagnosis> = [
    .prematureAtrialContraction, .prematureVentricularContractions, .ventricularBigeminy,
    .firstDegreeBlock,
  ]
  private static let sinusRhythms: Set<SyntheticDiagnosis> = [
    .sinusRhythm, .sinusBradycardia, .sinusTachycardia, .sinusArrhythmia,
  ]
  /// What the form of a left bundle branch block hides.
  private static let hiddenByLeftBlock: Set<SyntheticDiagnosis> = [
    .leftVentricularHypertrophy, .tWaveInversion, .stElevation, .stDepression, .abnormalQWave,
  ]

  /// Whether one record can show all of some diagnoses.
  package static func fit(_ diagnoses: Set<SyntheticDiagnosis>) -> Bool {
    let rhythms = diagnoses.filter(\.isRhythm)
    if rhythms.count > 1 { return false }
    if exclusive.contains(where: {
      !$0.isDisjoint(with: diagnoses) && $0.intersection(diagnoses).count > 1
    }) {
      return false
    }
    if let rhythm = rhythms.first, !sinusRhythms.contains(rhythm),
      !ofSinusRhythms.isDisjoint(with: diagnoses)
    {
      return false
    }
    if diagnoses.contains(.pacingRhythm), diagnoses.count > 1 { return false }
    return !diagnoses.contains(.leftBundleBranchBlock)
      || hiddenByLeftBlock.isDisjoint(with: diagnoses)
  }
}

extension SyntheticDiagnosis {
  /// Its code of SNOMED CT, and how another hospital might word it.
  private var entry: (code: String, wording: String) {
    switch self {
    case .sinusRhythm: ("426783006", "regular rhythm from the sinus node")
    case .sinusBradycardia: ("426177001", "slow heart rate from the sinus node")
    case .sinusTachycardia: ("427084000", "fast heart rate from the sinus node")
    case .sinusArrhythmia: ("427393009", "irregular rhythm from the sinus node")
    case .atrialFibrillation: ("164889003", "auricular fibrillation")
    case .atrialFlutter: ("164890007", "fluttering of the atria")
    case .supraventricularTachycardia: ("426761007", "fast rhythm from above the ventricles")
    case .pacingRhythm: ("10370003", "rhythm of an artificial pacemaker")
    case .prematureAtrialContraction: ("284470004", "supraventricular premature beats")
    case .prematureVentricularContractions: ("427172004", "ventricular premature beats")
    case .firstDegreeBlock: ("270492004", "first degree heart block")
    case .rightBundleBranchBlock: ("59118001", "complete right bundle branch block")
    case .leftAxisDeviation: ("39732003", "electrical axis turned to the left")
    case .lowVoltages: ("251146004", "small amplitudes of the ventricular complexes")
    case .leftVentricularHypertrophy: ("164873001", "enlarged left ventricle")
    case .prolongedQT: ("111975006", "long qt")
    case .stElevation: ("164931005", "raised st segment")
    case .tWaveInversion: ("59931005", "negative t waves")
    case .abnormalQWave: ("164917005", "deep and broad q waves")
    case .rapidAtrialFibrillation: ("314208002", "auricular fibrillation with a fast pulse")
    case .ventricularBigeminy: ("11157007", "every second beat is a ventricular premature beat")
    case .leftBundleBranchBlock: ("164909002", "complete left bundle branch block")
    case .rightAxisDeviation: ("47665007", "electrical axis turned to the right")
    case .stDepression: ("429622005", "lowered st segment")
    }
  }

  /// Its code of SNOMED CT, as headers have it.
  package var code: String { entry.code }
  /// The same in other words, those of another hospital.
  package var wording: String { entry.wording }
}
