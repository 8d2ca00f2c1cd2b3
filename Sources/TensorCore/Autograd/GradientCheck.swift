/// Compares gradients with difference quotients: whether a layer's `backward()` is right.
public enum GradientCheck {
  /// Checks the gradients of a loss for some tensors, element by element or at a sample of them.
  ///
  /// The difference quotient is `(f(x + h) − f(x − h)) / 2h` of 32-bit values, with the step
  /// `h = 0.01 · max(1, |x|)`: smaller steps drown in rounding. An element fails when gradient and
  /// quotient differ by more than `tolerance · max(1, |quotient|, |loss| / 100)`.
  ///
  /// ```swift
  /// try GradientCheck.check(net.parameters) { try net(X).squared().sum() }
  /// ```
  ///
  /// - Parameters:
  ///   - tensors: leaves that want a gradient; named ones (parameters) appear by name in the message.
  ///   - samples: how many elements of each tensor are tried, spread evenly; all when there are fewer.
  ///   - tolerance: see above.
  ///   - loss: computes a scalar from the tensors; called twice for each element, so it must give
  ///     the same value each time (no dropout).
  /// - Throws: a `TensorError` that lists each tensor whose gradient is wrong, with the first such
  ///   index and both numbers; or what the loss throws.
  public static func check(
    _ tensors: [Tensor], samples: Int = 20, tolerance: Float = 0.01,
    _ loss: () throws -> Tensor
  ) throws {
    for (number, tensor) in tensors.enumerated() where tensor.node?.isLeaf != true {
      throw TensorError(
        "GradientCheck",
        "tensor \(number) (from 0), \(tensor.operandDescription), is not a leaf that wants a gradient",
        remedy: "Declare it with @Parameter or call requiringGrad()")
    }
    guard samples > 0 else {
      throw TensorError("GradientCheck", "\(samples) samples of each tensor are none")
    }
    let earlier = tensors.map(\.grad)
    for tensor in tensors { tensor.zeroGrad() }
    let value = try loss()
    let size = Swift.abs(try value.item)
    try value.backward()
    let gradients = tensors.map { $0.grad?.array }
    for (tensor, gradient) in zip(tensors, earlier) { tensor.replaceGrad(with: gradient) }

    var problems: [String] = []
    for (number, tensor) in tensors.enumerated() {
      let name = tensor.label ?? "tensor \(number)"
      guard let gradient = gradients[number] else {
        problems.append("\(name): the loss does not depend on it")
        continue
      }
      let tried = Swift.min(samples, tensor.count)
      for sample in 0..<tried {
        let index = sample * tensor.count / tried
        let quotient = try differenceQuotient(tensor, index, loss)
        let limit = tolerance * Swift.max(1, Swift.abs(quotient), 0.01 * size)
        if !(Swift.abs(gradient[index] - quotient) <= limit) {
          problems.append(
            "\(name)\(tensor.shape.coordinates(of: index)): the gradient is \(gradient[index]), the "
              + "difference quotient \(quotient)")
          break
        }
      }
    }
    guard problems.isEmpty else {
      throw TensorError("GradientCheck", problems.joined(separator: "; "))
    }
  }

  private static func differenceQuotient(
    _ tensor: Tensor, _ index: Int, _ loss: () throws -> Tensor
  ) throws -> Float {
    let original = tensor.storage.pointer[index]
    let step = 0.01 * Swift.max(1, Swift.abs(original))
    defer { tensor.withMutableElements { $0[index] = original } }
    func value(at x: Float) throws -> Float {
      tensor.withMutableElements { $0[index] = x }
      return try noGrad { try loss().item }
    }
    let (above, below) = (original + step, original - step)
    // the steps that rounding left, not those that were wished for
    return (try value(at: above) - value(at: below)) / (above - below)
  }
}
