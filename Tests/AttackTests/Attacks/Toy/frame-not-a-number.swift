// Attack: an answer of numbers that are none
// Tries: to pass comparisons, which are all false for them
// Must: not a number is never right

func attack(_ X: Tensor) throws {
  for value in [Float.nan, .infinity, -.infinity, .signalingNaN] {
    let values = [Float](repeating: value, count: X.shape[0])
    send([PipeTensor(name: "means", shape: [X.shape[0]], values: values)])
  }
}
