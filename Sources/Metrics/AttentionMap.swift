/// What a network's attention weights say of its tokens: for each a share, all of them 1 together.
///
/// Neither is an explanation of what the network decides. Both are the weights alone, whatever the values are and
/// whatever follows them.
public struct AttentionMap: Sendable, Equatable {
  /// The weights of a sample: for each layer, from the first to the last, and each head a matrix of queries × keys,
  /// row-major.
  public struct Weights: Sendable {
    let tokens: Int
    let layers: [[[Float]]]

    /// - Returns: nil where a matrix has not `tokens` rows and columns, or there is no layer or head.
    public init?(_ layers: [[[Float]]], tokens: Int) {
      guard tokens > 0, !layers.isEmpty,
        layers.allSatisfy({ heads in
          !heads.isEmpty && heads.allSatisfy { $0.count == tokens * tokens }
        })
      else { return nil }
      self.tokens = tokens
      self.layers = layers
    }

    /// The number of layers.
    public var layerCount: Int { layers.count }
    /// The number of heads in each layer.
    public var headCount: Int { layers.map(\.count).min() ?? 0 }

    /// The weights of a head: a row a query, a number a key.
    public func matrix(layer: Int, head: Int) -> [[Double]] {
      let all = layers[layer][head]
      return (0..<tokens).map { query in
        all[(query * tokens)..<((query + 1) * tokens)].map(Double.init)
      }
    }
  }

  /// The share of each token.
  public let shares: [Double]

  /// What the tokens receive in one layer, the mean over all queries, which count alike, and over the heads, or of one
  /// head: r_k = 1 / (H T) Σ_h Σ_q A[h, q, k].
  public static func received(_ weights: Weights, layer: Int, head: Int? = nil) -> AttentionMap {
    let all = weights.layers[layer]
    let heads = head.map { [all[$0]] } ?? all
    let tokens = weights.tokens
    var shares = [Double](repeating: 0, count: tokens)
    for matrix in heads {
      for query in 0..<tokens {
        for key in 0..<tokens { shares[key] += Double(matrix[query * tokens + key]) }
      }
    }
    return AttentionMap(shares: shares.map { $0 / Double(tokens * heads.count) })
  }

  /// What comes of each token through all layers, where half of each is handed on as it is, as by the residual sums:
  /// R = Π_l (½ I + ½ Ā⁽ˡ⁾), later layers on the left, Ā the mean over heads; r_k = 1/T Σ_q R[q, k].
  /// Source: Abnar and Zuidema 2020, Quantifying Attention Flow in Transformers.
  public static func rollout(_ weights: Weights) -> AttentionMap {
    let tokens = weights.tokens
    // a row of 1/T each on the left, through the layers from the last to the first
    var row = [Double](repeating: 1 / Double(tokens), count: tokens)
    for heads in weights.layers.reversed() {
      var next = row.map { $0 / 2 }
      for matrix in heads {
        for query in 0..<tokens {
          let share = row[query] / Double(2 * heads.count)
          for key in 0..<tokens { next[key] += share * Double(matrix[query * tokens + key]) }
        }
      }
      row = next
    }
    return AttentionMap(shares: row)
  }

  /// The shares as multiples of an even spread: 1 is as much as every token has then.
  public var multiples: [Double] { shares.map { $0 * Double(shares.count) } }
}
