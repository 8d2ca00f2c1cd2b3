/// Whether operations build the graph. A task of its own has a setting of its own.
enum GradientMode {
  @TaskLocal static var isEnabled = true
}

/// Runs `body` without building the graph: for validation and prediction, where nobody asks for
/// gradients and the intermediate results need not be kept. PyTorch's `no_grad`.
public func noGrad<Result, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  // `withValue` does not carry typed errors, so the outcome travels through a variable.
  var outcome: Swift.Result<Result, Failure>?
  GradientMode.$isEnabled.withValue(false) {
    do throws(Failure) {
      outcome = .success(try body())
    } catch {
      outcome = .failure(error)
    }
  }
  guard let outcome else { preconditionFailure("internal: noGrad lost its result") }
  return try outcome.get()
}
