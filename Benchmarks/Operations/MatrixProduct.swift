import COpenBLAS
import TensorCore

/// A product of two matrices at a size that the course's networks have, by the core or by OpenBLAS alone.
struct MatrixProduct {
  /// Which operand lies in memory with its rows as columns.
  enum Transposed: String { case neither, first, second }

  let rows: Int
  let steps: Int
  let columns: Int
  let transposed: Transposed

  init(_ rows: Int, _ steps: Int, _ columns: Int, transposed: Transposed = .neither) {
    (self.rows, self.steps, self.columns) = (rows, steps, columns)
    self.transposed = transposed
  }

  static let all = [
    MatrixProduct(192, 17, 128), MatrixProduct(64, 64, 64), MatrixProduct(192, 192, 128),
    MatrixProduct(192, 680, 512),
    // the gradients of the weights of wide layers, and what these make of their input
    MatrixProduct(2048, 64, 128, transposed: .first),
    MatrixProduct(2048, 64, 2048, transposed: .first),
    MatrixProduct(64, 2048, 2048, transposed: .second), MatrixProduct(64, 2048, 2048),
  ]

  private var name: String {
    let operands =
      switch transposed {
      case .neither: ""
      case .first, .second: ", \(transposed.rawValue) transposed"
      }
    return "matmul \(rows)x\(steps)x\(columns)\(operands)"
  }

  /// The shapes of the operands as they lie in memory.
  private var shapes: (A: Shape, B: Shape) {
    (
      transposed == .first ? [steps, rows] : [rows, steps],
      transposed == .second ? [columns, steps] : [steps, columns]
    )
  }

  /// By the core.
  var ours: Subject {
    Subject(name, shapes.A, shapes.B) { operands in
      let (A, B) = (operands[0], operands[1])
      return try (transposed == .first ? A.transposed(0, 1) : A).matmul(
        transposed == .second ? B.transposed(0, 1) : B)
    }
  }

  /// By `cblas_sgemm`, into memory that is there already: C = A B, and with the gradients dA = dC Bᵀ and
  /// dB = Aᵀ dC, each as its operand lies.
  var byOpenBLAS: Subject {
    Subject(name: name) { generator in
      let (A, B) = (
        Tensor.randn(shapes.A, using: &generator).array,
        Tensor.randn(shapes.B, using: &generator).array
      )
      var C = Tensor.randn([rows, columns], using: &generator).array
      var (dA, dB) = (A, B)
      func forward() {
        Self.multiply(
          &C, A, B, rows, columns, steps, transposed == .first, transposed == .second)
      }
      return Work(forward: forward) {
        forward()
        // Where A lies transposed, so does its gradient: dAᵀ = B dCᵀ; the same of B.
        if transposed == .first {
          Self.multiply(&dA, B, C, steps, rows, columns, false, true)
        } else {
          Self.multiply(&dA, C, B, rows, steps, columns, false, transposed == .neither)
        }
        if transposed == .second {
          Self.multiply(&dB, C, A, columns, steps, rows, true, false)
        } else {
          Self.multiply(&dB, A, C, steps, columns, rows, transposed == .neither, false)
        }
      }
    }
  }

  /// `out` [m, n] of a [m, k] and b [k, n], or of what lies transposed.
  private static func multiply(
    _ out: inout [Float], _ a: [Float], _ b: [Float], _ m: Int, _ n: Int, _ k: Int,
    _ aIsTransposed: Bool, _ bIsTransposed: Bool
  ) {
    cblas_sgemm(
      CblasRowMajor, aIsTransposed ? CblasTrans : CblasNoTrans,
      bIsTransposed ? CblasTrans : CblasNoTrans, blasint(m), blasint(n), blasint(k), 1, a,
      blasint(aIsTransposed ? m : k), b, blasint(bIsTransposed ? k : n), 0, &out, blasint(n))
  }
}
