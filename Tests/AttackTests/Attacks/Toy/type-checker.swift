// Attack: an expression that the type checker cannot finish
// Tries: to hold the build up
// Must: an error at its place, or the limit on the compiler's time; only its file is lost
// Compiles: no
let slow = [
  1 + 2 * 3 - 4 + [5: "a"].count + 6.0 / 2 - "x".count + (7 as Int) * 1.5 + -8 - (9 + 1) + 0.5
    + [1, 2.0, 3].reduce(0) { $0 + $1 } * 2 - ([4: 5.0].values.first ?? 1) + 6 * 7.0 - 8 + 9 / 3.0
]

func attack(_ X: Tensor) throws {}
