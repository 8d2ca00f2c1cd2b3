import CKernels

/// The gradient that an operation returns for one of its inputs.
///
/// Products and slices say what to add instead of making a tensor of their own: the sum over the
/// steps of a recurrence then happens in place, and a slice of a long sequence costs its own size,
/// not the sequence's.
enum Gradient {
  /// The input wants none.
  case none
  /// All of it.
  case whole(Storage)
  /// A matrix product, of the input's size.
  case product(ProductGradient)
  /// `rows` runs of `width` elements from `offset` on, `stride` apart; the rest is zero.
  case slice(Storage, offset: Int, stride: Int, rows: Int, width: Int)
}

/// `op(a) · op(b)`, `[m, k] · [k, n]`, as `rk_gemm` takes it.
struct ProductGradient {
  let a: Storage
  let b: Storage
  let transposeA: Bool
  let transposeB: Bool
  let m: Int
  let n: Int
  let k: Int

  func add(to target: Storage, beta: Float) {
    rk_gemm(
      transposeA, transposeB, m, n, k, a.pointer, transposeA ? m : k, b.pointer,
      transposeB ? k : n, beta, target.pointer, n)
  }
}

extension Node {
  /// Adds what arrived to the gradient collected so far.
  func accumulate(_ contribution: Gradient) {
    switch contribution {
    case .none:
      return
    case .whole(let storage):
      assert(
        storage.count == shape.count, "internal: the gradient of \(operation) has a wrong size")
      if gradient == nil {
        gradient = storage
      } else {
        let target = ownGradient()
        rk_accumulate(target.pointer, storage.pointer, storage.count)
      }
    case .product(let product):
      if gradient == nil {
        let target = Storage(count: shape.count)
        product.add(to: target, beta: 0)
        gradient = target
      } else {
        product.add(to: ownGradient(), beta: 1)
      }
    case .slice(let storage, let offset, let stride, let rows, let width):
      if gradient == nil { gradient = Storage(count: shape.count, filledWith: 0) }
      rk_copy_rows(
        ownGradient().pointer + offset, stride, storage.pointer, width, rows, width, true)
    }
  }

  /// The collected gradient as a buffer that nobody else reads, so that it may be added to.
  private func ownGradient() -> Storage {
    guard var candidate = gradient else {
      preconditionFailure("internal: no gradient to add to")
    }
    gradient = nil
    if !isKnownUniquelyReferenced(&candidate) { candidate = candidate.copy() }
    gradient = candidate
    return candidate
  }
}
