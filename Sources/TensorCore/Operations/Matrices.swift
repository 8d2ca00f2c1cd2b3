import CKernels

/// The matrices of a batch where they lie, for products that read or write them there.
struct Matrices {
  /// The distances along the axes of the batch (0 where one matrix serves all), of rows and of columns.
  struct Distances {
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

  let storage: Storage
  var offset = 0
  let distances: Distances

  var transposed: Matrices {
    Matrices(storage: storage, offset: offset, distances: distances.transposed)
  }

  /// `C = A · B`, `[m, k] · [k, n]`, for each of a batch; what falls on one C adds up, and is scaled then.
  static func multiply(
    _ batch: Shape, m: Int, n: Int, k: Int, _ a: Matrices, _ b: Matrices, into c: Matrices,
    scaling: BatchedProduct.Scaling
  ) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 4 * batch.rank + 1) { numbers in
      func strides(_ matrices: Matrices, _ place: Int) -> rk_matrices {
        let start = place * batch.rank
        for axis in 0..<batch.rank { numbers[start + axis] = matrices.distances.batch[axis] }
        return rk_matrices(
          elements: matrices.storage.pointer + matrices.offset, row: matrices.distances.row,
          column: matrices.distances.column, strides: numbers.baseAddress.map { $0 + start })
      }
      for axis in 0..<batch.rank { numbers[3 * batch.rank + axis] = batch.dimensions[axis] }
      var job = rk_batch(
        axes: Int32(batch.rank), sizes: numbers.baseAddress.map { $0 + 3 * batch.rank }, m: m, n: n,
        k: k, a: strides(a, 0), b: strides(b, 1), c: strides(c, 2), accumulates: false,
        factor: scaling.factor, divides: scaling.divides)
      rk_multiply_batch(&job)
    }
  }
}

/// A tensor as the operand of a batch of products: its matrices, its place in the graph, and the matrices of
/// its gradient.
struct BatchOperand {
  /// What a gradient is made in, in the order of the tensor's places.
  struct GradientPlaces {
    fileprivate let count: Int
    fileprivate let distances: Matrices.Distances

    func empty() -> Matrices {
      Matrices(storage: Storage(count: count, for: "matmul"), distances: distances)
    }
  }

  let matrices: Matrices
  /// `nil` where no gradient is wanted: a product noted inside `noGrad` stays a constant.
  let node: Node?
  /// Of an operand that wants a gradient.
  let gradient: GradientPlaces?

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
