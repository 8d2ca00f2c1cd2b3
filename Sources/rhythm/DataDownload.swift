import ArgumentParser
import Downloads
import Foundation
import Recordings

extension DataCommand {
  /// `rhythm data download`: the whole way from PhysioNet to the store.
  struct Fetch: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "download",
      abstract: "Fetch the Challenge 2017 recordings from PhysioNet and import them.",
      discussion: """
        About 99 MB. A connection that breaks is taken up where it broke, in a later run too. The \
        SHA-256 is compared with the one that is published in SHA256SUMS.txt beside the archive.
        """)

    static let address = "https://physionet.org/files/challenge-2017/1.0.0/training2017.zip"
    static let credits = """
      Recordings of the PhysioNet/Computing in Cardiology Challenge 2017, given by AliveCor
      licence: Open Data Commons Attribution License 1.0 (ODC-By), \
      https://opendatacommons.org/licenses/by/1-0
      cite: Clifford et al. 2017, AF classification from a short single lead ECG recording, \
      https://doi.org/10.22489/CinC.2017.065-469
      cite: Goldberger et al. 2000, PhysioBank, PhysioToolkit, and PhysioNet, \
      https://doi.org/10.1161/01.CIR.101.23.e215
      """

    @Option(help: "Where the archive goes.")
    var to = RecordingStore.folderName + "/training2017.zip"

    @Option(help: "Where to fetch it, if not from PhysioNet.")
    var url = Self.address

    @Option(help: "The SHA-256 that the archive must have, instead of the published one.")
    var sha256: String?

    @Flag(name: .customLong("no-import"), help: "Only fetch.")
    var onlyFetch = false

    @Option(help: "The folder of the store.")
    var into = RecordingStore.folderName

    @Flag(help: "Refuse a set with damaged or missing recordings instead of leaving them out.")
    var strict = false

    func validate() throws {
      guard sha256.map(CheckSum.normalised) != .some(nil) else {
        throw ValidationError("--sha256 takes 64 hexadecimal digits.")
      }
    }

    func run() throws {
      try reportingFailure {
        let download = try Download(
          from: url, to: to, sha256: sha256.flatMap(CheckSum.normalised))
        printLine(Self.credits)
        let outcome = try fetch(download)
        printLine(
          "\(outcome.wasThere ? "already there" : "fetched"): \(to), \(outcome.bytes) bytes, "
            + "SHA-256 \(outcome.sha256)"
            + (outcome.isVerified
              ? " as published" : ", which nothing was published to compare with"))
        if !onlyFetch { try importRecordings(to, into: into, strict: strict) }
      }
    }

    private func fetch(_ download: Download) throws -> Download.Outcome {
      let line = ProgressLine("fetching")
      defer { line.clear() }
      var pace = Pace()
      var shown = -1.0
      func note(_ text: String) {
        line.clear()
        printError(text)
        pace.restart()
      }
      return try download.run { event in
        switch event {
        case .checkSum(nil): note("no SHA-256 is published beside \(url)")
        case .checkSum: break
        case .startedOver: note("what was fetched before is of no use; beginning again")
        case .retry(let reason, let seconds):
          note("\(reason); trying again in \(Int(seconds.rounded(.up))) s")
        case .progress(let done, let total):
          let now = ProcessInfo.processInfo.systemUptime
          guard now - shown > 0.1 || done == total else { return }
          shown = now
          line.show(pace.text(done: done, total: total, at: now))
        }
      }
    }
  }
}
