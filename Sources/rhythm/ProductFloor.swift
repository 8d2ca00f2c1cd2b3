import CKernels

/// The matrix products that one training step of a network cannot do without, and how fast this
/// machine does them when it does nothing else: a floor for the time of the step.
struct ProductFloor {
  /// `op(A) · op(B)`, `[m, k] · [k, n]`.
  struct Product {
    var transposeA = false
    var transposeB = false
    let m: Int
    let n: Int
    let k: Int
    var times = 1
  }

  /// The batch that the products are for.
  let batchSize: Int
  private let products: [Product]

  /// The floors of the networks that consist of little else than products.
  static func named(_ network: String, batchSize: Int) -> ProductFloor? {
    switch network {
    case "FullyConnectedNet":
      return ProductFloor(
        batchSize: batchSize,
        products: linear(batchSize, 680, 512, needsInput: false)
          + linear(batchSize, 512, 256) + linear(batchSize, 256, 1))
    case "BuiltinLSTMNet":
      let (steps, features, hidden) = (40, 17, 128)
      return ProductFloor(
        batchSize: batchSize,
        products: [
          Product(m: batchSize, n: 4 * hidden, k: features, times: steps),
          Product(m: batchSize, n: 4 * hidden, k: hidden, times: steps),
          // back through time, and the weights' gradients over all steps at once
          Product(transposeB: true, m: batchSize, n: hidden, k: 4 * hidden, times: steps),
          Product(transposeA: true, m: features, n: 4 * hidden, k: steps * batchSize),
          Product(transposeA: true, m: hidden, n: 4 * hidden, k: steps * batchSize),
        ] + linear(batchSize, hidden, hidden) + linear(batchSize, hidden, 1))
    default:
      return nil
    }
  }

  private static func linear(
    _ rows: Int, _ inputs: Int, _ outputs: Int, needsInput: Bool = true
  ) -> [Product] {
    [
      Product(m: rows, n: outputs, k: inputs),
      Product(transposeA: true, m: inputs, n: outputs, k: rows),
    ] + (needsInput ? [Product(transposeB: true, m: rows, n: inputs, k: outputs)] : [])
  }

  /// Multiplications and additions for one example.
  var operationsPerExample: Double {
    products.reduce(0) { $0 + 2 * Double($1.m * $1.n * $1.k * $1.times) } / Double(batchSize)
  }

  /// Examples a second if a step were its products alone.
  func examplesPerSecond(threads: Int, seconds: Double) -> Double {
    Self.rate(of: products, threads: threads, seconds: seconds) / operationsPerExample
  }

  /// Billions of multiplications and additions a second in a large square product.
  static func largeProductGflops(threads: Int, seconds: Double) -> Double {
    rate(of: [Product(m: 2048, n: 2048, k: 2048)], threads: threads, seconds: seconds) / 1e9
  }

  private static func rate(of products: [Product], threads: Int, seconds: Double) -> Double {
    let shapes = products.flatMap { product in
      [
        product.transposeA ? 1 : 0, product.transposeB ? 1 : 0, product.m, product.n, product.k,
        product.times,
      ].map(Int64.init)
    }
    return rk_gemm_rate(Int32(clamping: threads), shapes, Int32(products.count), seconds)
  }
}
