import Synchronization

/// A place in the graph of a computation: how one tensor came about.
///
/// A leaf (a parameter) has no inputs and keeps the gradient that arrives. The others pass it on:
/// `gradients` takes the gradient of the node's tensor and returns one for each input, in order.
/// It captures the buffers that it needs, never the tensor or the node it belongs to: under
/// reference counting a closure that holds its own owner is never freed.
package final class Node {
  package typealias Gradients = (Storage) -> [Gradient]

  private static let counter = Atomic<UInt64>(0)

  /// Grows with every node, so that a node always comes after its inputs.
  let number: UInt64
  let operation: String
  let shape: Shape
  /// What the tensor is called, if it has a name.
  var label: String?
  /// The nodes of the inputs; `nil` for an input that wants no gradient.
  var inputs: [Node?]
  var gradients: Gradients?
  /// The same of a gradient that is still to be computed, where the operation takes its products further.
  var gradientsOfBatch: ((BatchedProduct) -> [Gradient])?
  /// What has arrived so far.
  var gradient: Storage?
  /// All that has arrived, for `gradientsOfBatch`.
  var batch: BatchedProduct?
  /// What has arrived and is still to be computed and added: see `settle`.
  var products: [ProductGradient] = []
  var rowSums: [(storage: Storage, rows: Int)] = []
  /// The backward pass that saw this node last.
  var visit: UInt64 = 0
  var isReleased = false
  var isLeaf: Bool { gradients == nil && !isReleased }

  package init(
    operation: String, shape: Shape, inputs: [Node?] = [], gradients: Gradients? = nil
  ) {
    number = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
    self.operation = operation
    self.shape = shape
    self.inputs = inputs
    self.gradients = gradients
  }

  /// A number that no node and no backward pass has had.
  static func nextNumber() -> UInt64 { counter.wrappingAdd(1, ordering: .relaxed).newValue }

  deinit {
    // Freed by iteration: a chain of a million nodes would overflow the stack by recursion.
    guard !inputs.isEmpty else { return }
    var orphans = inputs
    inputs = []
    while !orphans.isEmpty {
      // straight into the variable: a second reference would make no node look unique
      guard var node = orphans.removeLast() else { continue }
      if isKnownUniquelyReferenced(&node) {
        orphans.append(contentsOf: node.inputs)
        node.inputs = []
      }
    }
  }
}
