// Attack: answers before the questions
// Tries: to have an old answer taken for the answer to the next question
// Must: the numbers are still wrong

func attack(_ X: Tensor) throws {
  for _ in 0..<50 {
    send([PipeTensor(name: "outputs", shape: X.shape.dimensions, values: X.array)])
  }
}
