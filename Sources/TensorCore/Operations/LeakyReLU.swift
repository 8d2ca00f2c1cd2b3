extension Tensor {
  /// `max(x, 0) + slope · min(x, 0)`. Gradient: `g` where `x > 0`, else `slope · g`.
  ///
  /// Source: Maas et al. 2013; PyTorch's `leaky_relu`.
  public func leakyReLU(slope: Float = 0.01) -> Tensor {
    let x = storage
    let result = Storage(count: count)
    inParts(count) { range in
      for i in range { result.pointer[i] = x.pointer[i] > 0 ? x.pointer[i] : slope * x.pointer[i] }
    }
    return Self.make("leakyReLU", result, shape, from: [self]) { g in
      let gradient = Storage(count: g.count)
      inParts(g.count) { range in
        for i in range { gradient.pointer[i] = (x.pointer[i] > 0 ? 1 : slope) * g.pointer[i] }
      }
      return [.whole(gradient)]
    }
  }
}
