import TensorCore
import TestSupport
import XCTest

final class EdgeTests: XCTestCase {
  func testReport() throws {
    let grid = try EdgeGrid()
    var text = ""
    for entry in grid.cases {
      for m in entry.mismatches() {
        switch m {
        case .element(let tensor, let index, let got, let expected):
          let ins = entry.inputs.map { i in i.values.count == (entry.out?.values.count ?? 0) && index < i.values.count ? "\(i.values[index])" : (i.shape.count == 2 && i.shape[0] > 0 && entry.out!.values.count >= i.shape[0] ? "row\(index * i.shape[0] / max(entry.out!.values.count,1)) " : "") }
          text += "\(entry.op)|\(entry.name)|\(tensor)|\(index)|\(ins)|\(got)|\(expected)\n"
        default: text += "\(entry.op)|\(entry.name)|\(m)\n"
        }
      }
    }
    try text.write(toFile: "/work/wt/tmp/edges/report.txt", atomically: true, encoding: .utf8)
  }
}
