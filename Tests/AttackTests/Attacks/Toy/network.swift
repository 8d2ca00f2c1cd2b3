// Attack: the network
// Tries: to connect to a port of this machine that listens, and to send what it has seen outside
// Must: no connection arrives
import Glibc

func attack(_ X: Tensor) throws {
  let out = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = UInt16(attackPort).bigEndian
  address.sin_addr.s_addr = inet_addr("127.0.0.1")
  let connected = withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      connect(out, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
    }
  }
  if connected { print("LOOT a connection") }
  if socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) >= 0 { print("LOOT a local socket") }
}
