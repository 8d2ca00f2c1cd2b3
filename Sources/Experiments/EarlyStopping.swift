/// When a training has settled: so many epochs in a row were no better than the best before them. (The
/// best epoch's parameters are on disk since it ended, so that nothing is to be brought back.)
struct EarlyStopping {
  /// How many.
  let patience: Int

  /// Whether a training with such figures, the larger the better, has settled.
  func isSettled(_ figures: [Double]) -> Bool {
    // of several that are alike the first: the others were no better than it
    var best = figures.startIndex
    for index in figures.indices where figures[index] > figures[best] { best = index }
    return figures.endIndex - 1 - best >= patience
  }
}
