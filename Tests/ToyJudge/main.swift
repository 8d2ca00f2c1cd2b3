import Foundation
import Judge
import ToyChecks

// The tool's judge for the toy unit alone: `ToyJudge --request FILE`.
func stop(_ sentence: String, status: Int32) -> Never {
  FileHandle.standardError.write(Data("ToyJudge: \(sentence)\n".utf8))
  exit(status)
}

guard CommandLine.arguments.count == 3, CommandLine.arguments[1] == "--request" else {
  stop("give --request FILE", status: 2)
}
do {
  try JudgeProcess.run(request: CommandLine.arguments[2], units: [ToyUnit.self]) { print($0) }
} catch {
  stop("\(error)", status: 1)
}
