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
  public static func .< (a: Tensor, b: Float) -> Tensor { a.marked(".<") { $0 < b } }
  /// 1 where `a ≤ b`, else 0.
  public static func .<= (a: Tensor, b: Float) -> Tensor { a.marked(".<=") { $0 <= b } }
  /// 1 where `a > b`, else 0.
  public static func .> (a: Tensor, b: Float) -> Tensor { a.marked(".>") { $0 > b } }
  /// 1 where `a ≥ b`, else 0.
  public static func .>= (a: Tensor, b: Float) -> Tensor { a.marked(".>=") { $0 >= b } }
  /// 1 where `a = b`, else 0.
  public static func .== (a: Tensor, b: Float) -> Tensor { a.marked(".==") { $0 == b } }
  /// 1 where `a ≠ b`, else 0.
  public static func .!= (a: Tensor, b: Float) -> Tensor { a.marked(".!=") { $0 != b } }

  @inline(__always)
  private func marked(_ name: String, _ holds: @escaping (Float) -> Bool) -> Tensor {
    detached().pointwise(name, { holds($0) ? 1 : 0 }, derivative: { _ in 0 })
  }
}
