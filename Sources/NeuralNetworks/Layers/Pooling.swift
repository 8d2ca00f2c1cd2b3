import TensorCore

/// The mean of windows along the last axis: `[N, C, L] → [N, C, (L − kernel) / stride + 1]`.
public final class AveragePool1d: Module, UnaryLayer {
  private let windows: PoolingSettings
  private let countIncludePad: Bool

  /// Makes a layer; the settings are those of `averagePool1d`.
  public init(
    kernelSize: Int, stride: Int? = nil, padding: Int = 0, ceilMode: Bool = false,
    countIncludePad: Bool = true
  ) {
    windows = PoolingSettings(kernelSize, stride, padding, ceilMode)
    self.countIncludePad = countIncludePad
  }

  /// Applies the layer.
  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    try x.averagePool1d(
      kernelSize: windows.kernelSize, stride: windows.stride, padding: windows.padding,
      ceilMode: windows.ceilMode,
      countIncludePad: countIncludePad)
  }

  /// The window.
  public override var details: String { windows.details }
}

/// The maximum of windows along the last axis.
public final class MaxPool1d: Module, UnaryLayer {
  private let windows: PoolingSettings

  /// Makes a layer; the settings are those of `maxPool1d`.
  public init(
    kernelSize: Int, stride: Int? = nil, padding: Int = 0, ceilMode: Bool = false
  ) {
    windows = PoolingSettings(kernelSize, stride, padding, ceilMode)
  }

  /// Applies the layer.
  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    try x.maxPool1d(
      kernelSize: windows.kernelSize, stride: windows.stride, padding: windows.padding,
      ceilMode: windows.ceilMode)
  }

  /// The window.
  public override var details: String { windows.details }
}

/// The mean of `outputLength` windows that cover the last axis; with 1 the mean of each channel,
/// whatever the length: `[N, C, L] → [N, C, outputLength]`.
public final class AdaptiveAveragePool1d: Module, UnaryLayer {
  private let outputLength: Int

  /// Makes a layer.
  public init(outputLength: Int) { self.outputLength = outputLength }

  /// Applies the layer.
  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    try x.adaptiveAveragePool1d(outputLength: outputLength)
  }

  /// The output's length.
  public override var details: String { "to \(outputLength)" }
}

/// The mean or the largest of each channel over everything after it: `[N, C, …] → [N, C]`.
public final class GlobalPooling: Module, UnaryLayer {
  /// What is taken of each channel.
  public enum Kind: Sendable {
    /// The mean.
    case average
    /// The largest.
    case maximum
  }

  private let kind: Kind

  /// Makes a layer.
  public init(_ kind: Kind) { self.kind = kind }

  /// Applies the layer.
  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    switch kind {
    case .average: try x.globalAveragePool()
    case .maximum: try x.globalMaxPool()
    }
  }

  /// The kind.
  public override var details: String { "\(kind)" }
}

/// The maximum of square windows: `[N, C, rows, columns]`.
public final class MaxPool2d: Module, UnaryLayer {
  private let windows: PoolingSettings

  /// Makes a layer; the settings are those of `maxPool2d`.
  public init(
    kernelSize: Int, stride: Int? = nil, padding: Int = 0, ceilMode: Bool = false
  ) {
    windows = PoolingSettings(kernelSize, stride, padding, ceilMode)
  }

  /// Applies the layer.
  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    try x.maxPool2d(
      kernelSize: windows.kernelSize, stride: windows.stride, padding: windows.padding,
      ceilMode: windows.ceilMode)
  }

  /// The window.
  public override var details: String { windows.details }
}

/// The mean of square windows: `[N, C, rows, columns]`.
public final class AveragePool2d: Module, UnaryLayer {
  private let windows: PoolingSettings
  private let countIncludePad: Bool

  /// Makes a layer; the settings are those of `averagePool2d`.
  public init(
    kernelSize: Int, stride: Int? = nil, padding: Int = 0, ceilMode: Bool = false,
    countIncludePad: Bool = true
  ) {
    windows = PoolingSettings(kernelSize, stride, padding, ceilMode)
    self.countIncludePad = countIncludePad
  }

  /// Applies the layer.
  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    try x.averagePool2d(
      kernelSize: windows.kernelSize, stride: windows.stride, padding: windows.padding,
      ceilMode: windows.ceilMode,
      countIncludePad: countIncludePad)
  }

  /// The window.
  public override var details: String { windows.details }
}

/// PyTorch's name.
@available(*, unavailable, renamed: "AveragePool1d")
public typealias AvgPool1d = AveragePool1d
/// PyTorch's name.
@available(*, unavailable, renamed: "AdaptiveAveragePool1d")
public typealias AdaptiveAvgPool1d = AdaptiveAveragePool1d
/// PyTorch's name.
@available(*, unavailable, renamed: "AveragePool2d")
public typealias AvgPool2d = AveragePool2d
