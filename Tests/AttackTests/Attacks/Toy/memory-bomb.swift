// Attack: all memory
// Tries: an array that doubles
// Must: the limit holds
func attack(_ X: Tensor) throws {
  var numbers: [Int] = [1]
  while true { numbers += numbers }
}
