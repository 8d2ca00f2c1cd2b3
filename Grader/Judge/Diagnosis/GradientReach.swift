import WorkerPipe

/// Where the gradients of a student's model set out from: the results, and the steps of a result, that
/// none comes back from. Found with the student's own code alone.
struct GradientReach {
  private let trial: TrialSeries.Trial
  private var subject: Subject { trial.check.subject }

  /// - Parameter trial: an experiment with upstream gradients.
  init(_ trial: TrialSeries.Trial) { self.trial = trial }

  /// The results and steps that no gradient comes back from, in a sentence; nil where there are none, or
  /// where none comes back at all, which is said by who no gradient reaches.
  func sentence() throws -> String? {
    let upstream = trial.experiment.upstream
    let isCut = try upstream.map { try !reaches(by: [$0]) }
    func names(_ cut: Bool) -> [String] {
      zip(upstream, isCut).filter { $0.1 == cut }.map { Self.result($0.0) }
    }
    guard !names(false).isEmpty else { return nil }
    var sentences: [String] = []
    if !names(true).isEmpty {
      sentences.append(
        "No gradient comes back from \(NameList.text(names(true))); from "
          + "\(NameList.text(names(false))) it does")
    }
    for (tensor, isCut) in zip(upstream, isCut) where !isCut {
      if let sentence = try steps(of: tensor) { sentences.append(sentence) }
    }
    return sentences.isEmpty ? nil : sentences.joined(separator: ". ")
  }

  /// The steps of a result that none comes back from.
  private func steps(of tensor: PipeTensor) throws -> String? {
    guard let axis = subject.recurrentAxis,
      let path = TensorAxis(axis, of: subject.axes(of: Self.result(tensor)), tensor.shape),
      (2...12).contains(path.count)
    else { return nil }
    let reached = try (0..<path.count).filter { step in
      try reaches(by: [
        tensor.changing { index, value in path.place(of: index) == step ? value : 0 }
      ])
    }
    guard let last = reached.last, reached.count < path.count else { return nil }
    let name = Self.result(tensor)
    return reached.count == 1
      ? "Of \(name), a gradient comes back from \(axis.noun) \(last)"
        + (last == path.count - 1 ? ", the last," : "") + " only"
      : "Of \(name), no gradient comes back from \(axis.noun)s "
        + NameList.text((0..<path.count).filter { !reached.contains($0) }.map(String.init))
  }

  /// Whether anything is reached by the gradients of some results alone.
  private func reaches(by upstream: [PipeTensor]) throws -> Bool {
    var experiment = trial.experiment
    experiment.upstream = upstream
    return try trial.check.studentGradients(experiment).contains {
      $0.values.contains { $0 != 0 }
    }
  }

  private static func result(_ upstream: PipeTensor) -> String {
    String(upstream.name.dropFirst("upstream:".count))
  }
}
