import Judge

extension SizedSeries {
  /// A check's series, and whether its gradients are asked for.
  typealias Asked = (series: SizedSeries, hasGradients: Bool)

  /// All that the checks of the unit compare with the reference.
  static func all(_ session: JudgeSession) -> [Asked] {
    let data = [
      WaveletChecks.values(session), WaveletChecks.edges(session), GraftChecks.grafts(session),
      GraftChecks.shifts(session),
    ]
    let selection = [
      StackedLinearChecks.series(session), StoppingChecks.decisions(session),
      StoppingChecks.fit(session), AUROCChecks.values(session), AUROCChecks.ties(session),
      EvaluationChecks.values(session), EvaluationChecks.special(session),
    ]
    let search = [
      ParzenChecks.widths(session), ParzenChecks.density(session), ParzenChecks.choices(session),
      TPEChecks.split(session), TPEChecks.choice(session),
    ]
    return (data + selection + search).map { ($0, false) }
      + [(StackedLinearChecks.series(session, isTraining: true), true)]
  }
}

/// The checks of draws.
enum AllDraws {
  static func all(_ session: JudgeSession) throws -> [(name: String, check: StatisticalCheck)] {
    let widths: [[Float]] = [ParzenChecks.sets[0], ParzenChecks.sets[2], []]
    return [
      ("made beats", BalanceChecks.distribution(session)),
      ("short made beats", BalanceChecks.shortSplits(session)),
      ("proposals", TPEChecks.proposals(session)),
      ("dropout 0.2", try StackedLinearChecks.dropout(session, rate: 0.2)),
      ("dropout 0.5", try StackedLinearChecks.dropout(session, rate: 0.5)),
      ("random points", RandomSearchChecks.distribution(session)),
      ("first points", TPEChecks.start(session)),
    ] + (try widths.map { ("Parzen draws of \($0.count)", try ParzenChecks.draws(session, $0)) })
  }
}
