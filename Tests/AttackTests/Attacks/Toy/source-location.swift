// Attack: errors at the place of another file
// Tries: to have the compiler quote the instructor's file, and to blame the course's own
// Must: nothing is quoted, and the file that is wrong loses its points
// Compiles: no
#sourceLocation(file:"@CANARY@",line:1)
let wrong: Int = "text"
#sourceLocation(file:"Worker.swift",line:3)
let alsoWrong: Int = "text"
#sourceLocation()

func attack(_ X: Tensor) throws {}
