import TensorCore

/// Marks a tensor of a module as a parameter: something that training changes.
///
/// The name of the property is the name of the parameter, in messages and in checkpoints:
/// `@Parameter var W_xh: Tensor` is the parameter `W_xh`.
@propertyWrapper
public struct Parameter {
  private var tensor: Tensor

  /// Makes the tensor a parameter: its gradient will be computed and kept.
  public init(wrappedValue: Tensor) { tensor = wrappedValue.requiringGrad() }

  /// The tensor. A new one becomes a parameter too and keeps the name.
  public var wrappedValue: Tensor {
    get { tensor }
    set {
      let label = tensor.label
      tensor = newValue.requiringGrad()
      if tensor.label == nil { tensor.label = label }
    }
  }
}

/// What reflection needs to know of a parameter.
protocol ParameterProtocol {
  var parameterTensor: Tensor { get }
}

extension Parameter: ParameterProtocol {
  var parameterTensor: Tensor { tensor }
}

/// Marks a tensor of a module that belongs in checkpoints but is not trained, such as a running
/// mean.
@propertyWrapper
public struct Buffer {
  /// The tensor.
  public var wrappedValue: Tensor

  /// Keeps the tensor in checkpoints.
  public init(wrappedValue: Tensor) { self.wrappedValue = wrappedValue }
}

protocol BufferProtocol {
  var bufferTensor: Tensor { get }
}

extension Buffer: BufferProtocol {
  var bufferTensor: Tensor { wrappedValue }
}
