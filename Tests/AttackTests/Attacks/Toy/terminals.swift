// Attack: all terminals
// Tries: to open the pseudo-terminals that the kernel gives the whole machine
// Must: none
import Glibc

func attack(_ X: Tensor) throws {
  for place in ["/dev/ptmx", "/dev/pts/ptmx", "/dev/tty", "/dev/console"] {
    if open(place, O_RDWR | O_NOCTTY) >= 0 { print("LOOT \(place)") }
  }
}
