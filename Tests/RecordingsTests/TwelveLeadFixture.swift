import Foundation

/// What NumPy, SciPy and wfdb say of twelve leads (Tests/Reference/twelve_leads.py).
struct TwelveLeadFixture: Decodable {
  struct Resampling: Decodable {
    let up, down: Int
    let signal, result: [Double]
  }
  struct Amplitude: Decodable {
    let samples: [Int16]
    let amplitude: Double
  }
  struct Form: Decodable {
    let name: String
    let values: [[Double]]
  }
  struct Synthetic: Decodable {
    let name: String
    let sums: [Int]
    let codes: [String]
    let amplitude: Double
    let beginning: [[Double]]
    let squares: [Double]
  }
  let resamplings: [Resampling]
  let amplitudes: [Amplitude]
  let forms: [Form]
  let synthetic: [Synthetic]

  static func read() throws -> TwelveLeadFixture {
    try JSONDecoder().decode(Self.self, from: Data(contentsOf: fixture("twelve-leads.json")))
  }
}
