import Coursework
import TensorCore

/// The taps of one scale: the integrated wavelet, read at 16 s + 1 places (section 7.3, task 7.3a).
///
///     κ_k = Ψ_⌊4095 k / (16 s)⌋,      k = 0 … 16 s
///
/// - Parameter s: the scale, 1 or more.
/// - Returns: 16 s + 1 numbers: 17, 33, 49, 65 for the scales 1 to 4.
public func waveletTaps(_ s: Int) throws -> [Double] {
  // TODO: Task 7.3a: the table `integratedWavelet` at 16 s + 1 places
  throw Unimplemented("7.3a")
}

/// The wavelet transform of beats at the scales 1, 2, 3 and 4, as PyWavelets' `cwt(x, [1, 2, 3, 4], 'mexh')` gives it
/// (section 7.3, task 7.3a).
///
///     c_m = Σ_k x_{m−k} κ_{16s−k}
///     W_s[n] = −√s (c_{n+8s} − c_{n+8s−1}),      n = 0 … L − 1
///
/// `c` is the full convolution of the beat with the taps in reverse; x is 0 before its first and behind its last value. The
/// result has W_1, W_2, W_3 and W_4 one after the other, each as long as the beat: *not* W_1 … W_4 of the first value, then
/// of the second.
///
/// The transform is linear, so that one matrix does for all beats: what the value x_i adds to W_s[n] is
/// −√s (κ′_{n+8s−i} − κ′_{n+8s−1−i}) x_i, with κ′_d = κ_{16s−d} for d = 0 … 16 s, and 0 elsewhere. Loops over beats are as right.
///
/// A single 1 at place 93 of 187 gives at the places 90 … 97 of W_1 −0.027689 −0.205738 −0.291473 0.526060 0.526060
/// −0.291473 −0.205738 −0.027689.
///
/// - Parameter beats: `[samples, L]`, of any length L.
/// - Returns: `[samples, 4 L]`.
public func waveletFeatures(_ beats: Tensor) throws -> Tensor {
  // TODO: Task 7.3a: a matrix [L, 4 L], and one product
  throw Unimplemented("7.3a")
}
