import TensorCore
import WorkerPipe

extension Catalogue {
  /// The named inputs of a call.
  ///
  /// A class: a student's compiler does not see the module that tensors of the pipe are of.
  public final class Arguments {
    private let given: [PipeTensor]
    /// Those of floats as tensors.
    let tensors: [(name: String, tensor: Tensor)]

    /// - Parameter given: inputs as they came over the pipe.
    init(_ given: [PipeTensor]) throws(TensorError) {
      self.given = given
      var tensors: [(name: String, tensor: Tensor)] = []
      for input in given where input.integers == nil {
        // messages speak of the one input as the equations do
        let label = input.name == "input" ? "X" : input.name
        tensors.append(
          (input.name, try Tensor(input.values, shape: Shape(input.shape)).named(label)))
      }
      self.tensors = tensors
    }

    private init(_ given: [PipeTensor], _ tensors: [(name: String, tensor: Tensor)]) {
      self.given = given
      self.tensors = tensors
    }

    /// The tensor of that name.
    ///
    /// - Throws: when there is none.
    public subscript(_ name: String) -> Tensor {
      get throws(TensorError) {
        guard let found = tensors.first(where: { $0.name == name }) else { throw missing(name) }
        return found.tensor
      }
    }

    /// The tensor of that name; nil where it was not given, as a mask may be.
    public func optional(_ name: String) -> Tensor? { tensors.first { $0.name == name }?.tensor }

    /// The integers of that name, row-major.
    ///
    /// - Throws: when there are none.
    public func integers(_ name: String) throws(TensorError) -> [Int32] {
      guard let found = given.first(where: { $0.name == name })?.integers else {
        throw missing(name)
      }
      return found
    }

    private func missing(_ name: String) -> TensorError {
      TensorError("worker", "the request has no \(name)")
    }

    /// The same inputs with each number times a factor; integers stay.
    func scaled(by factor: Float) -> Arguments {
      Arguments(given, tensors.map { ($0.name, $0.tensor * factor) })
    }

    /// The same inputs with the other sign; integers stay.
    var negated: Arguments { Arguments(given, tensors.map { ($0.name, -$0.tensor) }) }

    /// The names of tensors that are not as they were given, bit for bit.
    var changed: [String] {
      tensors.compactMap { name, tensor in
        let before = given.first { $0.name == name }?.values
        return before.map { isSame(tensor.array, $0) } == true ? nil : name
      }
    }
  }
}

/// Bit for bit, so that a number that is none is the same as itself.
func isSame(_ numbers: [Float], _ others: [Float]) -> Bool {
  numbers.count == others.count
    && zip(numbers, others).allSatisfy { $0.bitPattern == $1.bitPattern }
}
