import CKernels

// What pooling along one axis and along two has in common.

extension rk_pool_axis {
  /// The windows along an axis, by PyTorch's rules, settings checked.
  init(_ length: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ ceilMode: Bool) {
    let room = length + 2 * padding - kernel
    var outputs = room / stride + 1
    // none starts in the padding at the end; a stride may be any number
    let rest = room % stride
    if ceilMode, rest > 0, room - rest < length + padding - stride { outputs += 1 }
    self.init(inputs: length, outputs: outputs, kernel: kernel, stride: stride, padding: padding)
  }

  static func adaptive(inputs: Int, outputs: Int) -> rk_pool_axis {
    rk_pool_axis(inputs: inputs, outputs: outputs, kernel: 0, stride: 0, padding: 0)
  }
}

extension rk_pooling {
  /// Sequences: planes of one row.
  static func row(_ planes: Int, _ columns: rk_pool_axis) -> rk_pooling {
    rk_pooling(
      planes: planes,
      rows: rk_pool_axis(inputs: 1, outputs: 1, kernel: 1, stride: 1, padding: 0), columns: columns)
  }
}

extension Tensor {
  func averagePooled(
    _ name: String, _ windows: rk_pooling, _ countsPadding: Bool, _ resultShape: Shape
  ) -> Tensor {
    let count = count
    let result = Storage(count: resultShape.count, for: name)
    rk_average_pool(result.pointer, storage.pointer, windows, countsPadding)
    return Self.make(name, result, resultShape, from: [self]) { g in
      let gradient = Storage(count: count, for: name)
      rk_average_pool_gradient(gradient.pointer, g.pointer, windows, countsPadding)
      return [.whole(gradient)]
    }
  }

  func maxPooled(_ name: String, _ windows: rk_pooling, _ resultShape: Shape) -> Tensor {
    let x = storage
    let result = Storage(count: resultShape.count, for: name)
    rk_max_pool(result.pointer, x.pointer, windows)
    return Self.make(name, result, resultShape, from: [self]) { g in
      let gradient = Storage(count: x.count, for: name)
      rk_max_pool_gradient(gradient.pointer, x.pointer, g.pointer, windows)
      return [.whole(gradient)]
    }
  }

  /// Refuses settings that make no windows.
  static func checkPooling(
    _ name: String, _ kernel: Int, _ stride: Int, _ padding: Int
  ) throws(TensorError) {
    guard kernel > 0, stride > 0 else {
      throw TensorError(name, "the kernel (\(kernel)) and the stride (\(stride)) must be positive")
    }
    guard padding >= 0, padding <= kernel / 2 else {
      throw TensorError(
        name,
        "the padding (\(padding)) must be between 0 and half the kernel (\(kernel)): a window would "
          + "lie in the padding alone")
    }
  }
}
