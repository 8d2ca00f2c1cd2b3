import Judge

extension SizedSeries {
  /// A check's series, and whether its gradients are asked for.
  typealias Asked = (series: SizedSeries, hasGradients: Bool)

  /// All that the checks of the unit ask.
  static func all(_ session: JudgeSession) -> [Asked] {
    let scores = [
      ClassWeightsChecks.series(session), ChallengeScoreChecks.series(session),
      ReceptiveFieldChecks.series(session), InterpolationChecks.series(session),
    ]
    let layers = [
      DilatedConvolutionChecks.series(session), BatchNormalisationChecks.training(session),
      BatchNormalisationChecks.evaluation(session),
      ResidualBlockChecks.series(session, isTraining: true),
      ResidualBlockChecks.series(session, isTraining: false), ClassLogitsChecks.series(session),
      DilatedNetChecks.training(session),
    ]
    let values = [
      BatchNormalisationChecks.state(session), ClassMapsChecks.all(session),
      ClassMapsChecks.one(session), DilatedNetChecks.evaluation(session),
      DilatedNetChecks.maps(session),
    ]
    return (scores + values).map { ($0, false) } + layers.map { ($0, true) }
  }
}
