// Attack: one name many times, and names nobody asked for
// Tries: to have the judge pick the one that suits, or run out of memory
// Must: the numbers are still wrong

func attack(_ X: Tensor) throws {
  let zero = PipeTensor(name: "means", shape: [], values: [0])
  let odd = ["", "\u{0}", "../../etc", "parameter:linear.weight", "\u{1b}[31m", "=1+1", "<script>"]
  send(
    [PipeTensor](repeating: zero, count: 5000)
      + odd.map { PipeTensor(name: $0, shape: [1], values: [1]) })
}
