import ArgumentParser
import Downloads
import Foundation
import Recordings

extension DataCommand {
  /// `rhythm data download`: the whole way from PhysioNet to the store.
  struct Fetch: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "download",
      abstract: "Fetch recordings from PhysioNet and import them.",
      discussion: """
        \(DataKinds.all.compactMap { kind in
          kind.offer.map { "\(kind.name): \($0.title), about \($0.size)." }
        }.joined(separator: "\n"))
        A connection that breaks is taken up where it broke, in a later run too. The \
        SHA-256 is compared with the one that is published in SHA256SUMS.txt beside the archive.
        """)

    @OptionGroup var kind: KindOption

    @Option(
      help:
        "Where the archive goes (default: under its own name into \(RecordingStore.folderName)).")
    var to: String?

    @Option(help: "Where to fetch it, if not from PhysioNet.")
    var url: String?

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
        let kind = try kind.chosen()
        guard let offer = kind.offer else {
          throw ValidationError(
            "the tool fetches nothing of the kind \(kind.name): give data import an archive or a folder."
          )
        }
        let path = to ?? RecordingStore.folderName + "/" + offer.fileName
        let address = url ?? offer.address
        let download = try Download(
          from: address, to: path, sha256: sha256.flatMap(CheckSum.normalised))
        printLine(offer.credits)
        let outcome = try fetch(download, from: address)
        printLine(
          "\(outcome.wasThere ? "already there" : "fetched"): \(path), \(outcome.bytes) bytes, "
            + "SHA-256 \(outcome.sha256)"
            + (outcome.isVerified
              ? " as published" : ", which nothing was published to compare with"))
        if !onlyFetch { try importRecordings(path, of: kind, into: into, strict: strict) }
      }
    }

    private func fetch(_ download: Download, from url: String) throws -> Download.Outcome {
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
