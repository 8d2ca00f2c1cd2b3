import Coursework
import NeuralNetworks
import TensorCore

/// The last layer of a network, and what it says of each step (section 8.7, tasks 8.7a and 8.7b).
///
/// `f` are the features `f_k(t)`, `[samples, K, T]`: K channels at T steps.
///
/// Parameter: `w`, `[K, classes]`, uniform within ± 1 / √K, in the core `Initialiser.uniformByFanIn(K)`. There is no bias.
public final class ClassActivation: Module {
  @Parameter var w: Tensor

  /// Draws the parameter.
  ///
  /// - Parameters:
  ///   - channels: `K`.
  ///   - classes: how many classes there are.
  ///   - generator: where the draws come from.
  public init(channels: Int, classes: Int, using generator: inout RandomGenerator) throws {
    // BEGIN SOLUTION 8.7a: draw w
    w = Initialiser.uniformByFanIn(channels)([channels, classes], using: &generator)
    // END SOLUTION
  }

  /// The logits of the classes, by global average pooling (task 8.7a).
  ///
  ///     F_k = (1 / T) Σ_t f_k(t)
  ///     S_c = Σ_k w[k, c] F_k
  ///
  /// There is no softmax: the loss of a training makes it.
  ///
  /// - Parameter f: `[samples, K, T]`.
  /// - Returns: `S`, `[samples, classes]`.
  public func logits(_ f: Tensor) throws -> Tensor {
    // BEGIN SOLUTION 8.7a: the two lines above
    return try f.mean(axis: 2).matmul(w)
    // END SOLUTION
  }

  /// The maps of all classes: how much each step speaks for a class (task 8.7b).
  ///
  ///     M_c(t) = Σ_k w[k, c] f_k(t)
  ///
  /// The mean of a map over its steps is the logit of its class (Zhou et al. 2016).
  ///
  /// - Parameter f: `[samples, K, T]`.
  /// - Returns: `M`, `[samples, classes, T]`.
  public func maps(_ f: Tensor) throws -> Tensor {
    // BEGIN SOLUTION 8.7b: the line above, for all classes
    return try w.transposed(0, 1).matmul(f)
    // END SOLUTION
  }

  /// The map of one class for each sample, as a rule of the one that is predicted for it (task 8.7b).
  ///
  /// - Parameters:
  ///   - f: `[samples, K, T]`.
  ///   - classes: for each sample the class whose map is wanted.
  /// - Returns: `[samples, T]`.
  /// - Throws: an error that names both numbers where there are not as many classes as samples, and one that names the
  ///   class where there is none of that number: `TensorError("ClassActivation", "…")`.
  public func map(_ f: Tensor, of classes: [Int]) throws -> Tensor {
    // BEGIN SOLUTION 8.7b: refuse what does not fit, then each sample with the weights of its class
    let (samples, T) = (f.shape[0], f.shape[2])
    guard classes.count == samples else {
      throw TensorError(
        "ClassActivation", "there are \(classes.count) classes for \(samples) samples")
    }
    if let unknown = classes.first(where: { $0 < 0 || $0 >= w.shape[1] }) {
      throw TensorError("ClassActivation", "\(unknown) is none of the \(w.shape[1]) classes")
    }
    let chosen = try w.transposed(0, 1).indexSelect(axis: 0, classes)
    return try chosen.reshaped([samples, 1, w.shape[0]]).matmul(f).reshaped([samples, T])
    // END SOLUTION
  }
}

/// A map at more places than it has steps, or fewer: linear between the *middles* of the steps (section 8.7, task 8.7c).
///
///     u_i = (i + ½) T / n − ½,      kept within 0 … T − 1
///     j = ⌊u_i⌋,  a = u_i − j
///     result[i] = (1 − a) M[j] + a M[min(j + 1, T − 1)]
///
/// Step 0 is as wide as every other one, so its middle lies half a step from the left end; before it and behind the middle
/// of the last step the map is constant. Of 2 steps, 0 and 1, at 4 places come 0, ¼, ¾, 1. In PyTorch it is
/// `interpolate(mode="linear", align_corners=False)`.
///
/// - Parameters:
///   - M: one map or many: `[…, T]`.
///   - n: at how many places.
/// - Returns: `[…, n]`.
/// - Throws: an error that names the number where `n` is below 1: `TensorError("interpolated", "…")`.
public func interpolated(_ M: Tensor, to n: Int) throws -> Tensor {
  // BEGIN SOLUTION 8.7c: refuse less than one place, then the three lines above
  guard n >= 1 else { throw TensorError("interpolated", "a map at \(n) places: it needs one") }
  let T = M.shape[-1]
  let u = (0..<n).map { i in
    min(max((Double(i) + 0.5) * Double(T) / Double(n) - 0.5, 0), Double(T - 1))
  }
  let j = u.map { Int($0) }
  let a = Tensor(zip(u, j).map { Float($0 - Double($1)) })
  let left = try M.indexSelect(axis: -1, j)
  let right = try M.indexSelect(axis: -1, j.map { min($0 + 1, T - 1) })
  return try (1 - a) * left + a * right
  // END SOLUTION
}
