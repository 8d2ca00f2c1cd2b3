import Foundation

/// What is wrong with the functions and the layer, if anything is: it stands in the program's name, as
/// `unbalanced` in `sampler-unbalanced`.
let mistake: String = {
  let name = (CommandLine.arguments[0] as NSString).lastPathComponent
  return name.hasPrefix("sampler-") ? String(name.dropFirst(8)) : ""
}()
