import CKernels

/// The matrices of a batch where they lie, for products that read or write them there.
struct Matrices {
  /// The distances along the axes of the batch (0 where one matrix serves all), of rows and of columns.
  struct Distances: Equatable {
    let batch: [Int]
    let row: Int
    let column: Int

    /// - Parameters:
    ///   - shape: of a tensor, whose last two axes are the matrices'.
    ///   - strides: its distances.
    ///   - batchRank: of the product; the tensor's other axes broadcast to it.
    init(_ shape: Shape, _ strides: [Int], batchRank: Int) {
      let missing = batchRank + 2 - shape.rank
      batch = (0..<batchRank).map { axis in
        axis < missing || shape.dimensions[axis - missing] == 1 ? 0 : strides[axis - missing]
      }
      // between a single row or column there is no distance, but kernels want one of the two to be 1
      column = shape[-1] == 1 ? 1 : strides[shape.rank - 1]
      row = shape[-2] > 1 ? strides[shape.rank - 2] : column == 1 ? Swift.max(shape[-1], 1) : 1
    }

    private init(batch: [Int], row: Int, column: Int) {
      (self.batch, self.row, self.column) = (batch, row, column)
    }

    var transposed: Distances { Distances(batch: batch, row: column, column: row) }
  }

  /// Where they are; `nil` of the one matrix of a chain.
  let storage: Storage?
  var offset = 0
  let distances: Distances

  var transposed: Matrices {
    Matrices(storage: storage, offset: offset, distances: distances.transposed)
  }

  /// What is done with each row of a result while it is in the caches.
  enum RowStep {
    case none
    /// Its softmax.
    case softmax
    /// The gradient of a softmax, which lies as the result does; the row is the upstream gradient.
    case softmaxGradient(of: Storage)
  }

  /// `C = A · B`, `[m, k] · [k, n]`, for each of a batch; what falls on one C adds up, is scaled then, and
  /// goes through the step for rows.
  struct Products {
    let batch: Shape
    let (m, n, k): (Int, Int, Int)
    let a: Matrices
    let b: Matrices
    let c: Matrices
    let scaling: BatchedProduct.Scaling
    var rows = RowStep.none

    func multiply() {
      withUnsafeTemporaryAllocation(of: Int.self, capacity: numberCount) { numbers in
        var job = job(numbers)
        rk_multiply_batch(&job)
      }
    }

    /// Computes each matrix of the first products into a buffer that stays in the caches, and from there
    /// those of the others: matrices without storage are that one. Returns whether it did: not where it is
    /// too large, or where products are few or add up.
    static func multiplyChain(_ links: [Products]) -> Bool {
      let size = links.map(\.numberCount).max() ?? 0
      return withUnsafeTemporaryAllocation(of: Int.self, capacity: size * links.count) { numbers in
        let jobs = links.enumerated().map { place, products in
          products.job(.init(rebasing: numbers[(size * place)...]))
        }
        return rk_multiply_chain(jobs, Int32(jobs.count))
      }
    }

    /// The numbers that a job refers to.
    private var numberCount: Int { 4 * batch.rank + 1 }

    private func job(_ numbers: UnsafeMutableBufferPointer<Int>) -> rk_batch {
      func strides(_ matrices: Matrices, _ place: Int) -> rk_matrices {
        let start = place * batch.rank
        for axis in 0..<batch.rank { numbers[start + axis] = matrices.distances.batch[axis] }
        return rk_matrices(
          elements: matrices.storage.map { $0.pointer + matrices.offset },
          row: matrices.distances.row, column: matrices.distances.column,
          strides: numbers.baseAddress.map { $0 + start })
      }
      for axis in 0..<batch.rank { numbers[3 * batch.rank + axis] = batch.dimensions[axis] }
      return rk_batch(
        axes: Int32(batch.rank), sizes: numbers.baseAddress.map { $0 + 3 * batch.rank }, m: m, n: n,
        k: k, a: strides(a, 0), b: strides(b, 1), c: strides(c, 2), accumulates: false,
        factor: scaling.factor, divides: scaling.divides, rows: rows.kernel,
        saved: rows.saved?.pointer)
    }
  }
}

extension Matrices.RowStep {
  fileprivate var kernel: rk_row_step {
    switch self {
    case .none: RK_ROWS_AS_THEY_ARE
    case .softmax: RK_SOFTMAX_ROWS
    case .softmaxGradient: RK_SOFTMAX_GRADIENT_ROWS
    }
  }

  fileprivate var saved: Storage? {
    if case .softmaxGradient(let saved) = self { saved } else { nil }
  }
}

/// A tensor as the operand of a batch of products: its matrices, its place in the graph, and the matrices of
/// its gradient.
struct BatchOperand {
  /// What a gradient is made in, in the order of the tensor's places.
  struct GradientPlaces {
    fileprivate let count: Int
    fileprivate let distances: Matrices.Distances

    /// Whether they are those of a tensor of this shape in row-major order.
    func areRowMajor(_ shape: Shape, batchRank: Int) -> Bool {
      count == shape.count && distances == .init(shape, shape.strides, batchRank: batchRank)
    }

    /// Of a storage for all of it.
    func empty() -> (storage: Storage, matrices: Matrices) {
      let storage = Storage(count: count, for: "matmul")
      return (storage, Matrices(storage: storage, distances: distances))
    }
  }

  let matrices: Matrices
  /// `nil` where no gradient is wanted: a product noted inside `noGrad` stays a constant.
  let node: Node?
  /// Of an operand that wants a gradient.
  let gradient: GradientPlaces?

  /// Matrices that want no gradient.
  init(_ matrices: Matrices) { (self.matrices, node, gradient) = (matrices, nil, nil) }

  init(_ tensor: Tensor, batchRank: Int) {
    var (storage, layout) = tensor.placed
    let shape = tensor.shape
    let (row, column) = (layout.strides[shape.rank - 2], layout.strides[shape.rank - 1])
    if row != 1 && column != 1 && shape[-2] > 1 && shape[-1] > 1 {
      // neither rows nor columns are neighbours, as in a slice with steps
      (storage, layout) = (tensor.storage, Layout(rowMajor: shape))
    }
    matrices = Matrices(
      storage: storage, offset: layout.offset,
      distances: .init(shape, layout.strides, batchRank: batchRank))
    node = GradientMode.isEnabled ? tensor.node : nil
    gradient =
      node == nil
      ? nil
      : GradientPlaces(
        count: tensor.count,
        distances: .init(shape, layout.compact(shape).strides, batchRank: batchRank))
  }
}
