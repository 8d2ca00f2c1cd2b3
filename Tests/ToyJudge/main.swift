import Foundation
import Judge
import ToyChecks

// The tool's judge for the toy unit alone: `ToyJudge --request FILE`.
guard CommandLine.arguments.count == 3, CommandLine.arguments[1] == "--request" else {
  fatalError("usage: ToyJudge --request FILE")
}
try JudgeProcess.run(request: CommandLine.arguments[2], units: [ToyUnit.self]) { print($0) }
