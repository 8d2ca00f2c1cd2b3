// Attack: sleep
// Tries: to hold the instructor up without using processor time
// Must: the clock ends it
import Glibc

func attack(_ X: Tensor) throws { while true { sleep(1000) } }
