import CKernels

/// A matrix product `op(A) · op(B)`, `[m, k] · [k, n]`, and how often it was done.
public struct MatrixProduct: Codable, Sendable, Equatable {
  /// Whether A is stored transposed.
  public let transposesA: Bool
  /// Whether B is stored transposed.
  public let transposesB: Bool
  /// Rows of the result.
  public let m: Int
  /// Columns of the result.
  public let n: Int
  /// Terms of each of its numbers.
  public let k: Int
  /// How often.
  public let times: Int

  /// Describes a product.
  public init(
    transposesA: Bool = false, transposesB: Bool = false, m: Int, n: Int, k: Int, times: Int = 1
  ) {
    self.transposesA = transposesA
    self.transposesB = transposesB
    self.m = m
    self.n = n
    self.k = k
    self.times = times
  }

  /// Multiplications and additions of all of them.
  public var operations: Double { 2 * Double(m) * Double(n) * Double(k) * Double(times) }
}

/// The matrix products that the core does, counted, and how fast this machine does such products.
public enum MatrixProducts {
  /// Does something, and counts the products that it takes, by their shapes.
  ///
  /// All threads' count, so that nothing else should be going on; of more than 256 different shapes the
  /// later ones are left out.
  public static func counting<Result>(
    _ body: () throws -> Result
  ) rethrows -> (result: Result, products: [MatrixProduct]) {
    rk_record_products(true)
    defer { rk_record_products(false) }
    let result = try body()
    var shapes = [Int64](repeating: 0, count: 6 * 256)
    let count = rk_recorded_products(&shapes, 256)
    let products = (0..<count).map { index in
      let shape = shapes[(6 * index)..<(6 * index + 6)].map { Int($0) }
      return MatrixProduct(
        transposesA: shape[0] != 0, transposesB: shape[1] != 0, m: shape[2], n: shape[3],
        k: shape[4], times: shape[5])
    }
    return (result, products)
  }

  /// Multiplications and additions a second when nothing but these products is done, on each of
  /// `threads` threads all of them, for about `seconds`.
  public static func rate(
    of products: [MatrixProduct], threads: Int, seconds: Double
  ) -> Double {
    let shapes = products.flatMap { product in
      [
        product.transposesA ? 1 : 0, product.transposesB ? 1 : 0, product.m, product.n, product.k,
        product.times,
      ].map(Int64.init)
    }
    return rk_gemm_rate(Int32(clamping: threads), shapes, Int32(products.count), seconds)
  }
}
