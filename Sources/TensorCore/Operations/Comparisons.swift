import CKernels

// Comparisons of two tensors, or a tensor and a number: 1 where they hold and 0 where they do not,
// without a gradient. Written with a dot, as Swift's SIMD types write theirs.

extension Tensor {
  /// 1 where `a < b`, else 0.
  public static func .< (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
    try pointwise(".<", a, b) { $0 < $1 ? 1 : 0 }
  }

  /// 1 where `a ≤ b`, else 0.
  public static func .<= (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
    try pointwise(".<=", a, b) { $0 <= $1 ? 1 : 0 }
  }

  /// 1 where `a > b`, else 0.
  public static func .> (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
    try pointwise(".>", a, b) { $0 > $1 ? 1 : 0 }
  }

  /// 1 where `a ≥ b`, else 0.
  public static func .>= (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
    try pointwise(".>=", a, b) { $0 >= $1 ? 1 : 0 }
  }

  /// 1 where `a = b`, else 0.
  public static func .== (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
    try pointwise(".==", a, b) { $0 == $1 ? 1 : 0 }
  }

  /// 1 where `a ≠ b`, else 0.
  public static func .!= (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
    try pointwise(".!=", a, b) { $0 != $1 ? 1 : 0 }
  }

  /// 1 where `a < b`, else 0.
  public static func .< (a: Tensor, b: Float) -> Tensor {
    a.detached().applying(".<", RK_LESS, b)
  }

  /// 1 where `a ≤ b`, else 0.
  public static func .<= (a: Tensor, b: Float) -> Tensor {
    a.detached().applying(".<=", RK_LESS_OR_EQUAL, b)
  }

  /// 1 where `a > b`, else 0.
  public static func .> (a: Tensor, b: Float) -> Tensor {
    a.detached().applying(".>", RK_GREATER, b)
  }

  /// 1 where `a ≥ b`, else 0.
  public static func .>= (a: Tensor, b: Float) -> Tensor {
    a.detached().applying(".>=", RK_GREATER_OR_EQUAL, b)
  }

  /// 1 where `a = b`, else 0.
  public static func .== (a: Tensor, b: Float) -> Tensor {
    a.detached().applying(".==", RK_EQUAL, b)
  }

  /// 1 where `a ≠ b`, else 0.
  public static func .!= (a: Tensor, b: Float) -> Tensor {
    a.detached().applying(".!=", RK_NOT_EQUAL, b)
  }
}
