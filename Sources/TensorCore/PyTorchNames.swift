// Names that PyTorch and Python have, declared only to be refused: who writes them reads what stands here
// in their place, which a compiler that has never heard of them could not say.

extension Tensor {
  /// Indexing by brackets, as in `x[:, t]`.
  @available(
    *, unavailable,
    message: "x[:, t] is 'try x.select(axis: 1, index: t)', x[:, 2:5] 'try x.slice(axis: 1, 2..<5)'"
  )
  public subscript(_ places: Any...) -> Tensor { self }

  /// `+=` cannot throw.
  @available(*, unavailable, message: "write it out: 'H = try H + x'")
  public static func += (a: inout Tensor, b: Tensor) {}
  /// `-=` cannot throw.
  @available(*, unavailable, message: "write it out: 'H = try H - x'")
  public static func -= (a: inout Tensor, b: Tensor) {}
  /// `*=` cannot throw.
  @available(*, unavailable, message: "write it out: 'H = try H * x'")
  public static func *= (a: inout Tensor, b: Tensor) {}

  /// PyTorch's `view`.
  @available(*, unavailable, message: "'try x.reshaped([n, h])' has the shape as a list")
  public func view(_ sizes: Int...) -> Tensor { self }
  /// PyTorch's `reshape`.
  @available(*, unavailable, message: "'try x.reshaped([n, h])' has the shape as a list")
  public func reshape(_ sizes: Int...) -> Tensor { self }
  /// PyTorch's `size`.
  @available(*, unavailable, message: "'x.shape[0]' is the size of the first axis")
  public func size(_ axis: Int = 0) -> Int { 0 }
  /// PyTorch's `dim`.
  @available(*, unavailable, message: "'x.rank' is the number of axes")
  public func dim() -> Int { 0 }
  /// PyTorch's `transpose`.
  @available(*, unavailable, message: "'try x.transposed(1, 2)' exchanges two axes")
  public func transpose(_ first: Int, _ second: Int) -> Tensor { self }
  /// PyTorch's `permute`.
  @available(*, unavailable, message: "'try x.permuted([0, 2, 1])' has the order as a list")
  public func permute(_ order: Int...) -> Tensor { self }
  /// PyTorch's `unsqueeze`.
  @available(*, unavailable, message: "'try x.unsqueezed(axis: 1)' adds an axis of size 1")
  public func unsqueeze(_ axis: Int) -> Tensor { self }
  /// The same with the axis by its name.
  @available(*, unavailable, message: "'try x.unsqueezed(axis: 1)' adds an axis of size 1")
  public func unsqueeze(dim: Int) -> Tensor { self }
  /// PyTorch's `squeeze`.
  @available(*, unavailable, message: "'try x.squeezed(axis: 1)' removes an axis of size 1")
  public func squeeze(_ axis: Int = 0) -> Tensor { self }
  /// The same with the axis by its name.
  @available(*, unavailable, message: "'try x.squeezed(axis: 1)' removes an axis of size 1")
  public func squeeze(dim: Int) -> Tensor { self }
  /// PyTorch's `unbind`.
  @available(*, unavailable, message: "'try x.unstacked(axis: 1)' is the list of the parts")
  public func unbind(_ axis: Int = 0) -> [Tensor] { [] }
  /// PyTorch's `flatten`.
  @available(*, unavailable, message: "'try x.flattened()' keeps the first axis")
  public func flatten(_ axis: Int = 0) -> Tensor { self }
  /// PyTorch's `mm`.
  @available(*, unavailable, message: "'try x.matmul(W)' is the matrix product")
  public func mm(_ other: Tensor) -> Tensor { self }
  /// PyTorch's `cat`.
  @available(
    *, unavailable, message: "'try Tensor.concatenate(parts, axis: 1)' joins tensors along an axis"
  )
  public static func cat(_ tensors: [Tensor], _ axis: Int = 0) -> Tensor { zeros([]) }
  /// The same with the axis by its name.
  @available(
    *, unavailable, message: "'try Tensor.concatenate(parts, axis: 1)' joins tensors along an axis"
  )
  public static func cat(_ tensors: [Tensor], dim: Int) -> Tensor { zeros([]) }
  /// PyTorch's `detach`.
  @available(*, unavailable, message: "'x.detached()' has the values without their history")
  public func detach() -> Tensor { self }

  // Axes: PyTorch's `dim`, which may stand without its name.

  /// PyTorch's `mean` along an axis.
  @available(*, unavailable, message: "'try x.mean(axis: 1)'; keepDims: true keeps it")
  public func mean(dim: Int, keepdim: Bool = false) -> Tensor { self }
  /// The same without the name of the axis.
  @available(*, unavailable, message: "'try x.mean(axis: 1)'; keepDims: true keeps it")
  public func mean(_ axis: Int, keepdim: Bool = false) -> Tensor { self }
  /// PyTorch's `sum` along an axis.
  @available(*, unavailable, message: "'try x.sum(axis: 1)'; keepDims: true keeps it")
  public func sum(dim: Int, keepdim: Bool = false) -> Tensor { self }
  /// The same without the name of the axis.
  @available(*, unavailable, message: "'try x.sum(axis: 1)'; keepDims: true keeps it")
  public func sum(_ axis: Int, keepdim: Bool = false) -> Tensor { self }
  /// PyTorch's `var` along an axis.
  @available(*, unavailable, message: "'try x.variance(axis: 1)'")
  public func `var`(dim: Int, keepdim: Bool = false) -> Tensor { self }
  /// The same without the name of the axis.
  @available(*, unavailable, message: "'try x.variance(axis: 1)'")
  public func `var`(_ axis: Int, keepdim: Bool = false) -> Tensor { self }
  /// PyTorch's `std` along an axis.
  @available(*, unavailable, message: "'try x.standardDeviation(axis: 1)'")
  public func std(dim: Int, keepdim: Bool = false) -> Tensor { self }
  /// The same without the name of the axis.
  @available(*, unavailable, message: "'try x.standardDeviation(axis: 1)'")
  public func std(_ axis: Int, keepdim: Bool = false) -> Tensor { self }
  /// PyTorch's `amax` along an axis.
  @available(*, unavailable, message: "'try x.max(axis: 1)'; keepDims: true keeps it")
  public func amax(dim: Int, keepdim: Bool = false) -> Tensor { self }
  /// The same without the name of the axis.
  @available(*, unavailable, message: "'try x.max(axis: 1)'; keepDims: true keeps it")
  public func amax(_ axis: Int, keepdim: Bool = false) -> Tensor { self }
  /// PyTorch's `amin` along an axis.
  @available(*, unavailable, message: "'try x.min(axis: 1)'; keepDims: true keeps it")
  public func amin(dim: Int, keepdim: Bool = false) -> Tensor { self }
  /// The same without the name of the axis.
  @available(*, unavailable, message: "'try x.min(axis: 1)'; keepDims: true keeps it")
  public func amin(_ axis: Int, keepdim: Bool = false) -> Tensor { self }
  /// PyTorch's `argmax` along an axis.
  @available(*, unavailable, message: "'try x.argmax(axis: 1)'; keepDims: true keeps it")
  public func argmax(dim: Int, keepdim: Bool = false) -> Tensor { self }
  /// The same without the name of the axis.
  @available(*, unavailable, message: "'try x.argmax(axis: 1)'; keepDims: true keeps it")
  public func argmax(_ axis: Int, keepdim: Bool = false) -> Tensor { self }
  /// PyTorch's `argmin` along an axis.
  @available(*, unavailable, message: "'try x.argmin(axis: 1)'; keepDims: true keeps it")
  public func argmin(dim: Int, keepdim: Bool = false) -> Tensor { self }
  /// The same without the name of the axis.
  @available(*, unavailable, message: "'try x.argmin(axis: 1)'; keepDims: true keeps it")
  public func argmin(_ axis: Int, keepdim: Bool = false) -> Tensor { self }
  /// PyTorch's `softmax`.
  @available(*, unavailable, message: "'try x.softmax(axis: -1)' names the axis so")
  public func softmax(dim: Int) -> Tensor { self }
  /// PyTorch's `log_softmax`.
  @available(*, unavailable, message: "'try x.logSoftmax(axis: -1)' names the axis so")
  public func log_softmax(dim: Int) -> Tensor { self }
}

/// Python's `range`.
@available(*, unavailable, message: "'0..<n' is range(n)")
public func range(_ bounds: Int...) -> Range<Int> { 0..<0 }

/// Python's `len`.
@available(*, unavailable, message: "'x.count' is len(x) of a list; a tensor has 'x.shape[0]'")
public func len<Collected>(_ list: Collected) -> Int { 0 }
