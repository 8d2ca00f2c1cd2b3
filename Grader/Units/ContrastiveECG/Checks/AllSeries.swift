import Judge

extension SizedSeries {
  /// A check's series, and whether its gradients are asked for.
  typealias Asked = (series: SizedSeries, hasGradients: Bool)

  /// All that the checks of the unit compare with the reference.
  static func all(_ session: JudgeSession) -> [Asked] {
    let values =
      [
        MiningChecks.hardest(session), MiningChecks.semiHard(session),
        EncoderChecks.evaluation(session), EncoderChecks.training(session),
        ModelChecks.series(session, "evaluation"),
        ModelChecks.series(session, "training", isTraining: true, isLarge: false),
        QueryChecks.classVectors(session), QueryChecks.scores(session),
        QueryChecks.predictions(session), RankingChecks.area(session),
        RankingChecks.precision(session),
      ] + EncoderChecks.states(session)
    let gradients = [
      DistanceChecks.series(session), TripletChecks.series(session),
      EncoderChecks.gradients(session), NormalisationChecks.series(session),
      ModelChecks.gradients(session), LossChecks.series(session),
    ]
    return values.map { ($0, false) } + gradients.map { ($0, true) }
  }
}
