import Judge

/// What the checks of the unit's subjects share: at which sizes each is asked.
struct ModelSeries: SubjectSeries {
  let session: JudgeSession
  let subject: String

  /// The sizes of a subject's experiments, those with ordinary numbers first; the smallest; the course's.
  private func sizes(
    _ quantity: Quantity, _ numbers: inout SeededNumbers
  ) -> (all: [ModelSizes.Size], smallest: [ModelSizes.Size], usual: ModelSizes.Size) {
    // far ends come through with enough digits for gradients only where they are not so far
    let isValues = quantity == .values
    switch subject {
    case "attention":
      return (
        ModelSizes.attention + [
          ModelSizes.attention(
            [2], queries: 4, keys: 5, d: 4, values: 3, ModelSizes.largeScores(isValues ? 300 : 20)),
          ModelSizes.drawnAttention(&numbers),
        ], ModelSizes.smallestAttention,
        ModelSizes.attention([128, 4], queries: 18, keys: 18, d: 8, values: 8)
      )
    case "AttentionHead":
      return (
        [(3, 5, 8, 3), (1, 1, 1, 1)].map {
          ModelSizes.size($0, $1, $2, ["embedSize": $2, "headSize": $3])
        }, [], ModelSizes.size(128, 18, 32, ["embedSize": 32, "headSize": 8])
      )
    case "MultiHeadAttention", "EncoderLayer":
      // of one channel a normalisation leaves nothing
      return (
        (subject == "EncoderLayer" ? ModelSizes.encoders : ModelSizes.heads) + [
          ModelSizes.heads(2, 4, 6, 2, ModelSizes.largeInputs(isValues ? 17 : 4)),
          subject == "EncoderLayer"
            ? ModelSizes.drawnHeads(&numbers, ModelSizes.tokensApart)
            : ModelSizes.drawnHeads(&numbers),
        ], ModelSizes.smallestHeads, ModelSizes.heads(128, 18, 32, 4)
      )
    case "MLP":
      func size(_ samples: Int, _ tokens: Int, _ channels: Int, _ draw: Draw = .ordinary)
        -> ModelSizes.Size
      { ModelSizes.size(samples, tokens, channels, ["embedSize": channels], draw) }
      let (samples, tokens, channels) = (
        numbers.integer(2...5), numbers.integer(2...7), numbers.integer(2...9)
      )
      return (
        [
          size(3, 5, 8), size(2, 4, 6), size(1, 1, 1),
          size(3, 5, 8, ModelSizes.nearMinusTwoAndAHalf),
          size(2, 3, 4, ModelSizes.largeInputs(30)),
          size(
            samples, tokens, channels,
            .afterCalls(
              numbers.integer(3...9), "for an input [\(samples), \(tokens), \(channels)]")),
        ], [size(1, 1, 1), size(1, 1, 2), size(2, 2, 2)], size(128, 18, 32)
      )
    case "BeatEmbedding":
      func size(
        _ samples: Int, _ tokens: Int, _ channels: Int, _ embedding: Int,
        _ draw: Draw = .ordinary(ModelSizes.linearApart)
      ) -> ModelSizes.Size {
        ModelSizes.size(
          samples, tokens, channels, ["channelCount": channels, "embedSize": embedding], draw)
      }
      let (samples, tokens) = (numbers.integer(2...5), numbers.integer(2...7))
      let (channels, embedding) = (numbers.integer(2...6), numbers.integer(4...9))
      return (
        [
          size(3, 5, 3, 8), size(2, 4, 1, 6), size(1, 1, 1, 1),
          size(3, 5, 3, 8, ModelSizes.nearMinusTwoAndAHalf),
          size(
            samples, tokens, channels, embedding,
            .afterCalls(
              numbers.integer(3...9),
              "for an input [\(samples), \(tokens), \(channels)] with \(embedding) channels",
              ModelSizes.linearApart)),
        ], [size(1, 1, 1, 2), size(1, 2, 1, 2), size(2, 2, 2, 3)], size(128, 17, 11, 32)
      )
    case "BeatClassifier":
      func size(
        _ samples: Int, _ tokens: Int, _ channels: Int, _ classes: Int,
        _ draw: Draw = .ordinary(ModelSizes.linearApart)
      ) -> ModelSizes.Size {
        ModelSizes.size(
          samples, tokens, channels, ["embedSize": channels, "classCount": classes], draw)
      }
      let (samples, tokens) = (numbers.integer(2...5), numbers.integer(3...7))
      let (channels, classes) = (numbers.integer(4...9), numbers.integer(2...6))
      return (
        [
          // a single logit may be nearly zero for all samples: the difference of larger numbers, so mostly rounding
          size(3, 6, 8, 5), size(2, 5, 6, 2), size(1, 2, 4, 3),
          size(
            samples, tokens, channels, classes,
            .afterCalls(
              numbers.integer(3...9),
              "for an input [\(samples), \(tokens), \(channels)] with \(classes) classes",
              ModelSizes.linearApart)),
        ], [size(1, 1, 2, 1), size(1, 2, 2, 1), size(2, 2, 3, 2)], size(128, 18, 32, 5)
      )
    default:
      return (
        ModelSizes.networks + [ModelSizes.drawnNetwork(&numbers)], ModelSizes.smallestNetworks,
        ModelSizes.Network.course.size(128)
      )
    }
  }

  /// Whether what it gives are logits, which are centred so that an activation behind them shows.
  private var givesLogits: Bool { subject == "ECGformer" || subject == "BeatClassifier" }

  /// The experiments of a check.
  func series(_ quantity: Quantity, _ numbers: inout SeededNumbers) throws -> TrialSeries {
    let sizes = sizes(quantity, &numbers)
    return try TrialSeries(
      session, subject,
      // any numbers show a shape
      sizes: quantity == .shapes ? sizes.all.filter { !$0.isFar } : sizes.all,
      smallest: sizes.smallest, usual: sizes.usual, numbers: &numbers,
      centred: givesLogits && quantity != .shapes)
  }
}
