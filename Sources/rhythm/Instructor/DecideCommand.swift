import ArgumentParser
import Assignment
import Foundation
import Gradebook
import Grading
import Intake
import NeuralNetworks
import People
import Publication

/// `rhythm decide`: what grading cannot know about a delivery.
struct DecideCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decide",
    abstract: "Decide which submission counts, whose one is, which file is meant.",
    discussion: """
      What ./rhythm intake and grade ask for is decided here, once: a decision is kept with the gradebook, \
      and every later grade, regrade, report and export goes by it, also when the class is handed in again. \
      What is shown already is brought up to date at once; what only the delivery holds, such as another \
      file, is taken by the next grade. Submissions are named as results name them, or by where they lie in \
      the delivery; people by number, address, login or name.
      """,
    subcommands: [
      LeaveOut.self, Counts.self, Owner.self, Both.self, File.self, List.self, Undo.self,
    ])

  /// Where decisions are kept, and why one was made.
  struct Options: ParsableArguments {
    @Option(name: .customLong("out"), help: "The folder that ./rhythm grade writes.")
    var output: String

    @Option(help: "Why, for whoever looks at the list of decisions.")
    var reason: String?

    /// Keeps a decision and brings the folder's files up to date.
    func keep(_ decision: Decision) throws {
      try reportingFailure {
        let gradebook = try Gradebook(folder: output)
        for name in decision.submissions { try Self.require(name, in: gradebook) }
        try requirePeople(decision, in: gradebook)
        let kept = try KeptDecisions(gradebook)
        let replaced = try kept.keep(decision, reason: reason ?? "", in: gradebook)
        try refresh(gradebook)
        printLine("decided: \(plain(decision.sentence))")
        for old in replaced {
          printLine(
            "it takes the place of decision \(old.id), \(plain(old.decision.sentence)): "
              + "./rhythm decide undo brings that back")
        }
        if try gradebook.lastRun() == nil {
          printLine("nothing is graded in \(output) yet: ./rhythm grade goes by it")
        } else if decision.needsDelivery {
          let names = plain(decision.submissions.joined(separator: ", "))
          printLine(
            "the grade of \(names) stays as it is, also provisional, until the delivery that has it is "
              + "graded again: ./rhythm grade DELIVERY --out \(output)")
        }
      }
    }

    /// Writes the folder's files as they are by the decisions of now.
    fileprivate func refresh(_ gradebook: Gradebook) throws {
      // before the first run there are none
      guard try gradebook.published() != nil else { return }
      let (session, _) = try GradingSession.resume(output, gradebook)
      try Publisher(
        gradebook: gradebook, folder: output, writeReports: session.reportWriter()
      ).refresh()
    }

    /// Refuses people whom nobody knows, as far as there is a class list. Whatever the intake itself offers
    /// as an answer may be decided.
    ///
    /// - Throws: a sentence with the word that is like it.
    private func requirePeople(_ decision: Decision, in gradebook: Gradebook) throws {
      guard let list = try ClassList(gradebook) else { return }
      let offered = try gradebook.intakeReport()?.offers(decision) ?? false
      guard !offered, let word = decision.people.first(where: { !list.knows($0) }) else { return }
      let meant = Spelling.nearest(to: word, in: list.words).map { "did you mean \(plain($0))? " }
      throw ValidationError(
        "nobody on the class list \(plain(list.file)), and nobody who handed in, is called "
          + "\(plain(word)): \(meant ?? "")whoever is not on the list yet is put on it first, and the "
          + "delivery is graded with it once more")
    }

    /// Refuses a name that no submission has, as far as the gradebook knows them all.
    ///
    /// - Throws: a sentence with the names that are like it.
    private static func require(_ name: String, in gradebook: Gradebook) throws {
      let report = try gradebook.intakeReport()
      let names =
        try gradebook.submissions().map(\.submission.name)
        + (report?.submissions ?? []).flatMap { [$0.name, $0.source] }
        + (report?.superseded ?? []).map(\.source)
        + (report?.leftOut ?? []).flatMap { [$0.name, $0.source] }
      // before the first run nobody is known
      guard !names.isEmpty,
        try !(names + KeptDecisions(gradebook).all.flatMap(\.decision.submissions)).contains(
          where: { Person.folded($0) == Person.folded(name) })
      else { return }
      let meant =
        Spelling.nearest(to: name, in: names).map { "did you mean \($0)?" }
        ?? "there are \(names.prefix(5).joined(separator: ", "))"
      throw ValidationError("there is no submission \(plain(name)); \(meant)")
    }
  }

  /// `rhythm decide leave-out`.
  struct LeaveOut: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "leave-out",
      abstract: "Leave a submission out of the class, or a file out of it.")

    @Argument(help: "The submission.")
    var submission: String

    @Option(
      help: ArgumentHelp("Only this file of it, by its path.", valueName: "path"))
    var file: String?

    @OptionGroup var options: Options

    func run() throws {
      try options.keep(
        file.map { .leaveOutFile(submission: submission, path: $0) }
          ?? .leaveOut(submission: submission))
    }
  }

  /// `rhythm decide counts`.
  struct Counts: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Of several submissions of somebody, say which one counts.",
      discussion: """
        They are taken out of all others; one that nobody is left of is left out. Of several attempts say \
        where it lies in the delivery.
        """)

    @Argument(help: "The submission that counts.")
    var submission: String

    @Option(
      name: .customLong("for"),
      help: ArgumentHelp(
        "Whom it counts for (default: all who handed it in).", valueName: "person"))
    var person: String?

    @OptionGroup var options: Options

    func run() throws { try options.keep(.counts(submission: submission, person: person)) }
  }

  /// `rhythm decide owner`.
  struct Owner: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say whose work a submission is: these people's and nobody else's.")

    @Argument(help: "The submission.")
    var submission: String

    @Argument(help: "The people; those of the class list by their number.")
    var people: [String]

    @OptionGroup var options: Options

    func validate() throws {
      guard !people.contains(Decision.somebody) else {
        throw ValidationError(
          "put the number or the name of whoever handed it in in the place of \(Decision.somebody)")
      }
    }

    func run() throws { try options.keep(.owners(submission: submission, people: people)) }
  }

  /// `rhythm decide both`.
  struct Both: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say that two submissions that seem to be one person's both count.")

    @Argument(help: "The one.")
    var one: String

    @Argument(help: "The other.")
    var other: String

    @OptionGroup var options: Options

    func run() throws { try options.keep(.both(one, other)) }
  }

  /// `rhythm decide file`.
  struct File: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say which file of a submission is meant for one of the assignment's.")

    @Argument(help: "The submission.")
    var submission: String

    @Argument(help: "The file, by its path in the submission.")
    var path: String

    @Option(
      name: .customLong("as"),
      help: ArgumentHelp("The assignment's file.", valueName: "name"))
    var name: String

    @OptionGroup var unit: UnitOption

    @OptionGroup var options: Options

    func run() throws {
      try reportingFailure {
        let manifest = try WorkingCopy.find().unit(unit, ofClassIn: options.output).manifest
        let names = manifest.files + [Intake.answersFile]
        guard names.contains(name) else {
          let meant =
            Spelling.nearest(to: name, in: names).map { "did you mean \($0)?" }
            ?? "the files are \(names.joined(separator: ", "))"
          throw ValidationError("the assignment has no file \(plain(name)); \(meant)")
        }
      }
      try options.keep(.takeFile(submission: submission, path: path, name: name))
    }
  }

  /// `rhythm decide list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show what was decided.")

    @Option(name: .customLong("out"), help: "The folder that ./rhythm grade writes.")
    var output: String

    func run() throws {
      try reportingFailure {
        let kept = try KeptDecisions(Gradebook(reading: output)).all
        if kept.isEmpty { return printLine("nothing was decided") }
        for one in kept {
          let reason = one.reason.isEmpty ? "" : " (\(plain(one.reason)))"
          printLine(
            "\(one.id)  \(one.date.formatted(.iso8601))  \(plain(one.decision.sentence))\(reason)")
        }
      }
    }
  }

  /// `rhythm decide undo`.
  struct Undo: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take a decision back, by its number in ./rhythm decide list.",
      discussion: "What it left out is graded with the next ./rhythm grade of the delivery.")

    @Argument(help: "The decision's number.")
    var number: Int64

    @OptionGroup var options: Options

    func run() throws {
      try reportingFailure {
        let gradebook = try Gradebook(folder: options.output, create: false)
        let kept = try KeptDecisions(gradebook)
        guard let decision = kept.all.first(where: { $0.id == number })?.decision else {
          throw ValidationError(
            "there is no decision \(number): ./rhythm decide list --out \(options.output) shows them"
          )
        }
        let before = try kept.takeBack(number, in: gradebook)
        try options.refresh(gradebook)
        printLine("taken back: \(plain(decision.sentence))")
        for old in before {
          printLine("holds again: \(plain(old.decision.sentence))")
        }
      }
    }
  }
}
