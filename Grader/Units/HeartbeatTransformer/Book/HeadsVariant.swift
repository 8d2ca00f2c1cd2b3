import Judge
import TensorCore

/// Multi-head attention as students write it.
struct HeadsVariant: Variant {
  enum Split { case neighbouring, interleaved, reshaped }
  enum Join { case transposed, interleaved, reshaped }
  enum Output { case linear, none, withoutBias, activated }
  enum Projection: CaseIterable { case query, key, value }

  var attention = AttentionVariant()
  /// Whose matrix and bias each of queries, keys and values is made with.
  var query = Projection.query
  var key = Projection.key
  var value = Projection.value
  var biasMissing: Set<Projection> = []
  var transposesWeights = false
  var split = Split.neighbouring
  var join = Join.transposed
  var output = Output.linear
  /// Whether all heads have the first one's part of the matrices.
  var sharesHeads = false
  var addsInput = false
  var detachesHeads = false

  private static func letter(_ projection: Projection) -> String {
    switch projection {
    case .query: "q"
    case .key: "k"
    case .value: "v"
    }
  }

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let (O, A) = try attend(
      numbers.input, PartNumbers(numbers: numbers), heads: numbers.sizes["headCount"] ?? 1)
    return [("outputs", O), ("weights", A)]
  }

  /// - Parameter heads: how many there are.
  func attend(
    _ X: Tensor, _ numbers: PartNumbers, heads H: Int
  ) throws -> (outputs: Tensor, weights: Tensor) {
    let (N, T, E) = (X.shape[0], X.shape[1], X.shape[2])
    let d = E / max(H, 1)
    func projected(_ projection: Projection) throws -> Tensor {
      let letter = Self.letter(projection)
      var W = try numbers("W_" + letter)
      var b = try numbers("b_" + letter)
      if transposesWeights { W = try W.transposed(0, 1) }
      if sharesHeads {
        W = try .concatenate(
          Array(repeating: try W.slice(axis: 1, 0..<d), count: H), axis: 1)
        b = try .concatenate(Array(repeating: try b.slice(axis: 0, 0..<d), count: H), axis: 0)
      }
      let product = try X.matmul(W)
      return biasMissing.contains(projection) ? product : try product + b
    }
    func split(_ Z: Tensor) throws -> Tensor {
      switch self.split {
      case .neighbouring: try Z.reshaped([N, T, H, d]).transposed(1, 2)
      case .interleaved: try Z.reshaped([N, T, d, H]).permuted([0, 3, 1, 2])
      case .reshaped: try Z.reshaped([N, H, T, d])
      }
    }
    var (O, A) = try attention.attend(
      split(projected(query)), split(projected(key)), split(projected(value)), embedSize: E)
    if detachesHeads { O = O.detached() }
    var joined =
      switch join {
      case .transposed: try O.transposed(1, 2).reshaped([N, T, E])
      case .interleaved: try O.permuted([0, 2, 3, 1]).reshaped([N, T, E])
      case .reshaped: try O.reshaped([N, T, E])
      }
    switch output {
    case .none: break
    case .linear: joined = try joined.matmul(numbers("W_o")) + numbers("b_o")
    case .withoutBias: joined = try joined.matmul(numbers("W_o"))
    case .activated: joined = try (joined.matmul(numbers("W_o")) + numbers("b_o")).gelu()
    }
    if addsInput { joined = try X + joined }
    return (joined, A)
  }

  static let mistakes: [Mistake<Self>] =
    [
      .init(
        "scaled-after-by-root-of-embedding",
        "the result of the softmax is divided by √E; the scores are to be divided, before the softmax, by "
          + "√d, the size of a head. As it is, the weights of a query add up to 1/√E"
      ) { $0.attention.scaling = .afterByRootOfEmbedding },
      .init(
        "scaled-after",
        "the result of the softmax is divided by √d; the scores are to be divided, before the softmax"
      ) { $0.attention.scaling = .afterByRootOfHead },
      .init(
        "root-of-embedding",
        "the scores are divided by √E, the size of all heads together; d is the size of one, E / H"
      ) { $0.attention.scaling = .rootOfEmbedding },
      .init(
        "softmax-over-heads",
        "the softmax goes over the heads; it goes over the keys, the last axis"
      ) {
        $0.attention.weighting = .softmax(axis: 1)
      },
      .init(
        "interleaved",
        "the heads take every H-th channel; a head has neighbouring ones: split E into [H, d], in this order"
      ) {
        $0.split = .interleaved
        $0.join = .interleaved
      },
      .init(
        "interleaved-in",
        "channels are split into [d, H] and joined from [H, d]: a head has neighbouring ones, both times"
      ) { $0.split = .interleaved },
      .init(
        "interleaved-out",
        "channels are split into [H, d] and joined from [d, H]: a head has neighbouring ones, both times"
      ) { $0.join = .interleaved },
      .init(
        "split-by-reshape",
        "the heads are split and joined by a reshape alone, which mixes tokens: reshape to [N, T, H, d], then "
          + "exchange axes 1 and 2"
      ) {
        $0.split = .reshaped
        $0.join = .reshaped
      },
      .init(
        "split-by-reshape-only",
        "the heads are split by a reshape alone, which mixes tokens: reshape to [N, T, H, d], then exchange "
          + "axes 1 and 2"
      ) { $0.split = .reshaped },
      .init(
        "joined-by-reshape",
        "the heads are joined by a reshape alone, which mixes tokens: exchange axes 1 and 2 of [N, H, T, d] first"
      ) { $0.join = .reshaped },
      .init("no-output-layer", "the output layer is missing: O W_o + b_o") { $0.output = .none },
      .init("no-b-o", "the bias b_o is not added") { $0.output = .withoutBias },
      .init("output-activated", "GELU is applied to the outputs; the task has no activation") {
        $0.output = .activated
      },
      .init("no-b-q", "the bias b_q is not added") { $0.biasMissing = [.query] },
      .init("no-b-v", "the bias b_v is not added") { $0.biasMissing = [.value] },
      .init("no-biases", "the biases b_q, b_k and b_v are not added") {
        $0.biasMissing = [.query, .key, .value]
      },
      .init(
        "queries-and-keys-exchanged",
        "queries and keys have each other's parameters, or the scores are K Qᵀ in place of Q Kᵀ"
      ) {
        $0.query = .key
        $0.key = .query
      },
      .init("values-from-keys", "the values are made with W_k and b_k, those of the keys") {
        $0.value = .key
      },
      .init("keys-from-queries", "the keys are made with W_q and b_q, those of the queries") {
        $0.key = .query
      },
      .init("one-matrix", "queries, keys and values are all made with W_q and b_q") {
        $0.key = .query
        $0.value = .query
      },
      .init(
        "weights-transposed-in",
        "the matrices W_q, W_k and W_v are transposed, as PyTorch keeps them; they are [in, out] here: X W"
      ) { $0.transposesWeights = true },
      .init(
        "shared-heads",
        "all heads have the first one's part of the matrices: each has its own columns"
      ) { $0.sharesHeads = true },
      .init("input-added", "the input is added to the outputs: that is the encoder layer's to do") {
        $0.addsInput = true
      },
      .init(
        "heads-detached",
        "no gradient flows back through the heads: their outputs are " + UnreachedGradients.cause,
        showsOnlyInGradients: true
      ) { $0.detachesHeads = true },
    ]
    // one of each pair that has the same numbers
    + AttentionVariant.shared.filter {
      !["exchanged", "untransposed", "values-are-keys", "values-are-queries"].contains($0.name.id)
    }.map { $0.within(\.attention) }
}
