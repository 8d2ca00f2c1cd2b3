import NeuralNetworks

/// A word of a command line that stands where one of some others should.
struct UnknownWord {
  /// What it should be, such as `command`.
  let kind: String
  /// The word.
  let word: String
  /// What it was said to, such as `./rhythm data`.
  let place: String
  /// What there is.
  let known: [String]

  /// What was wrong, and what may have been meant.
  var sentence: String {
    let meant = Spelling.nearest(to: word, in: known).map { "; did you mean \($0)?" } ?? ";"
    return "there is no \(kind) \(word)\(meant) \(place) --help lists them"
  }
}
