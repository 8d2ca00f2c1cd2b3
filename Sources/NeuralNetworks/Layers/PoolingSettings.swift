/// How the windows of a pooling layer lie.
struct PoolingSettings {
  let kernelSize: Int
  let stride: Int
  let padding: Int
  let ceilMode: Bool

  /// - Parameter stride: the size of the window when left out.
  init(_ kernelSize: Int, _ stride: Int?, _ padding: Int, _ ceilMode: Bool) {
    self.kernelSize = kernelSize
    self.stride = stride ?? kernelSize
    self.padding = padding
    self.ceilMode = ceilMode
  }

  /// As a layer's description has it.
  var details: String {
    "kernel \(kernelSize), stride \(stride)" + (padding == 0 ? "" : ", padding \(padding)")
      + (ceilMode ? ", ceil mode" : "")
  }
}
