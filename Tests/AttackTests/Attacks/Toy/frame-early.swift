// Attack: answers before the questions
// Tries: to have an old answer taken for the answer to the next question
// Must: the numbers are still wrong

func attack(_ X: Tensor) throws {
  for _ in 0..<50 {
    send([PipeTensor(name: "means", shape: [X.shape[0]], values: Array(X.array[..<X.shape[0]]))])
  }
}
