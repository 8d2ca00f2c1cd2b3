import Foundation
import TestSupport

/// The platforms' forms of one class: the download of the submissions, and the lists of people that the
/// platforms export.
struct PlatformForms {
  let people = PlatformClass()
  let course: SmallCourse
  let scratch: Scratch

  private func files(
    _ work: PlatformClass.Work, of student: PlatformClass.Student
  ) throws -> [(name: String, text: String)] {
    try PlatformClass.files(work, of: people.group(student), course)
  }

  /// A table as platforms write it.
  private static func table(_ rows: [[String]]) -> String {
    rows.map { row in
      row.map { cell in
        cell.contains(where: { ",\"".contains($0) })
          ? "\"" + cell.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : cell
      }.joined(separator: ",") + "\r\n"
    }.joined()
  }

  private func zip(_ entries: [(name: String, text: String)], _ name: String) throws -> String {
    let path = scratch.path + "/" + name
    try ZipWriter.write(entries, to: path)
    return path
  }

  // MARK: Brightspace

  /// `NUMBER-ITEM - Jane Doe - Nov 20, 2024 926 PM/…`, beside `index.html`; of a group its name. Every attempt is
  /// there. The number is neither the university's nor in any list.
  func brightspace() throws -> String {
    var entries: [(name: String, text: String)] = [("index.html", "<html></html>")]
    for student in people.handingIn {
      let name = student.partner == nil ? student.name : "Group 3"
      func folder(_ time: String) -> String {
        "\(student.brightspace)-2557369 - \(name) - \(time)/"
      }
      if let earlier = student.earlier {
        entries += try files(earlier, of: student).map {
          (folder("Nov 19, 2024 1159 PM") + $0.name, $0.text)
        }
      }
      let time = student.isLate ? "Nov 21, 2024 1201 PM" : "Nov 20, 2024 926 PM"
      entries += try files(student.work, of: student).map { (folder(time) + $0.name, $0.text) }
    }
    return try zip(entries, "brightspace.zip")
  }

  /// The export of the grades, with # before numbers and logins.
  func brightspaceTable() throws -> String {
    let header = [
      "OrgDefinedId", "Username", "Last Name", "First Name", "Email",
      "Toy Points Grade <Numeric MaxPoints:6>", "End-of-Line Indicator",
    ]
    let rows = people.listed.map {
      ["#\($0.number)", "#\($0.login)", $0.family, $0.given, $0.email, "", "#"]
    }
    return try scratch.write(Self.table([header] + rows), "brightspace.csv")
  }

  // MARK: Canvas

  /// `doejane_LATE_USER_UPLOAD_FILE`, all files in one folder, of each person's last attempt: `sortable_name` in
  /// small letters with letters and digits alone, and a group's name in place of its member's. A file that was
  /// handed in again bears a number. Source: `content_zipper.rb` of canvas-lms.
  func canvas() throws -> String {
    var entries: [(name: String, text: String)] = []
    for student in people.handingIn {
      let name = student.partner == nil ? Self.sortable(student.name) : "Group 3"
      let who = name.lowercased().filter { $0.isLetter || $0.isNumber }
      let late = student.isLate ? "LATE_" : ""
      for (index, file) in try files(student.work, of: student).enumerated() {
        let again = student.earlier == nil ? "" : "-1"
        let name = file.name.replacingOccurrences(of: ".", with: again + ".")
        let upload = student.canvas * 10 + index
        entries.append(("\(who)_\(late)\(student.canvas)_\(upload)_\(name)", file.text))
      }
    }
    return try zip(entries, "submissions.zip")
  }

  /// The export of the gradebook.
  func canvasTable() throws -> String {
    let header = [
      "Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Toy (1234)", "Final Score",
    ]
    let rows =
      [["    Points Possible", "", "", "", "", "6", "(read only)"]]
      + people.listed.map {
        [Self.sortable($0.name), "\($0.canvas)", $0.number, $0.login, "Section 1", "", ""]
      } + [["Student, Test", "99999", "", "0a1b2c", "Section 1", "", ""]]
    return try scratch.write(Self.table([header] + rows), "canvas.csv")
  }

  /// Canvas takes the last word for the family's name.
  private static func sortable(_ name: String) -> String {
    let words = name.split(separator: " ")
    guard words.count > 1, let last = words.last else { return name }
    return "\(last), \(words.dropLast().joined(separator: " "))"
  }

  // MARK: Moodle

  /// Whether somebody wrote a text online beside the files: each third does.
  static func wroteOnline(_ student: PlatformClass.Student) -> Bool { student.place % 3 == 1 }

  /// `NAME_NUMBER_assignsubmission_file_/…`, and for some also what was written online; where marking is
  /// blind, `Participant` is everybody's name. Source: `download_submissions` in `locallib.php` of Moodle's
  /// `mod_assign`, with `clean_filename`, which drops apostrophes.
  func moodle(isBlind: Bool) throws -> String {
    var entries: [(name: String, text: String)] = []
    for student in people.handingIn {
      let name =
        isBlind ? "Participant" : student.name.replacingOccurrences(of: "'", with: "")
      let folder = "\(name)_\(student.participant)_assignsubmission_"
      if Self.wroteOnline(student) {
        entries.append(
          ("\(folder)onlinetext_/onlinetext.html", "<p>My code is in the files.</p>"))
      }
      entries += try files(student.work, of: student).map {
        ("\(folder)file_/\($0.name)", $0.text)
      }
    }
    return try zip(entries, isBlind ? "Toy-blind.zip" : "Toy.zip")
  }

  /// The grading worksheet: where marking is blind, without names, numbers and addresses.
  func moodleWorksheet(isBlind: Bool) throws -> String {
    func row(_ identifier: String, _ person: [String], _ rest: [String]) -> [String] {
      [identifier] + (isBlind ? [] : person) + rest
    }
    let header = row(
      "Identifier", ["Full name", "ID number", "Email address"],
      [
        "Status", "Grade", "Maximum Grade", "Grade can be changed", "Last modified (submission)",
        "Online text", "Last modified (grade)", "Feedback comments",
      ])
    let rows = people.listed.map { student in
      row(
        "Participant \(student.participant)", [student.name, student.number, student.email],
        [
          "Submitted for grading", "", "6.00", "Yes", "Wednesday, 20 November 2024, 9:26 PM",
          Self.wroteOnline(student) ? "<p>My code is in the files.</p>" : "", "-", "",
        ])
    }
    return try scratch.write(
      Self.table([header] + rows), isBlind ? "worksheet-blind.csv" : "worksheet.csv")
  }

  /// The export of Moodle's gradebook.
  func moodleGradebook() throws -> String {
    let header = [
      "First name", "Last name", "ID number", "Institution", "Department", "Email address",
      "Assignment: Toy (Real)", "Last downloaded from this course",
    ]
    let rows = people.listed.map {
      [$0.given, $0.family, $0.number, "", "", $0.email, "-", "1732140000"]
    }
    return try scratch.write(Self.table([header] + rows), "gradebook.csv")
  }

  // MARK: Gradescope

  /// A folder for each submission that counts, and a file that says whose each is.
  func gradescope() throws -> String {
    var metadata = "---\n"
    var entries: [(name: String, text: String)] = []
    for student in people.handingIn {
      let folder = "submission_\(student.gradescope)"
      let members = student.partner == nil ? [student] : try people.group(student)
      metadata += "\(folder):\n  :submitters:\n"
      for member in members {
        metadata +=
          "  - :name: \(member.name)\n    :sid: '\(member.number)'\n    :email: \(member.email)\n"
      }
      let time = student.isLate ? "2024-11-21 11:01:00" : "2024-11-20 20:26:00"
      metadata += "  :created_at: \(time).123456000 Z\n  :score: 0.0\n  :status: processed\n"
      entries += try files(student.work, of: student).map {
        ("assignment_9_export/\(folder)/\($0.name)", $0.text)
      }
    }
    return try zip(
      [("assignment_9_export/submission_metadata.yml", metadata)] + entries, "gradescope.zip")
  }

  /// The export of the grades.
  func gradescopeTable() throws -> String {
    let header = [
      "First Name", "Last Name", "SID", "Email", "Sections", "Total Score", "Max Points", "Status",
      "Submission ID",
    ]
    let rows = people.listed.map {
      [$0.given, $0.family, $0.number, $0.email, "", "", "6.0", "Ungraded", "\($0.gradescope)"]
    }
    return try scratch.write(Self.table([header] + rows), "gradescope.csv")
  }

  // MARK: GitHub Classroom

  /// `gh classroom clone student-repos`: a clone for each, with its commits.
  func gitHubClassroom() throws -> String {
    let folder = "toy-submissions"
    // a file instead of arguments for each of them
    var script = ""
    func commit(_ student: PlatformClass.Student, _ work: PlatformClass.Work, at time: String)
      throws
    {
      let place = "\(folder)/toy-\(student.login)"
      let staged = "staged/\(student.login)-\(time.filter(\.isNumber))"
      for file in try files(work, of: student) {
        try scratch.write(file.text, "\(staged)/\(file.name)")
      }
      script += """
        mkdir -p \(place); cp \(staged)/* \(place); cd \(place); git init -q -b main; git add .
        GIT_COMMITTER_DATE=\(time) git -c user.name=x -c user.email=x@u.example commit -q -m x; cd ../..

        """
    }
    for student in people.handingIn {
      if let earlier = student.earlier {
        try commit(student, earlier, at: "2024-11-19T23:59:00+01:00")
      }
      try commit(
        student, student.work,
        at: student.isLate ? "2024-11-21T12:01:00+01:00" : "2024-11-20T21:26:00+01:00")
    }
    try scratch.write(script, "commits.sh")
    try scratch.shell("sh -e commits.sh")
    return scratch.path + "/" + folder
  }

  /// Classroom's roster.
  func classroomRoster() throws -> String {
    let rows = people.listed.map {
      ["\"\($0.number)\"", "\"\($0.login)\"", "\"\($0.place)\"", "\"\($0.name)\""]
    }
    let lines = [["identifier", "github_username", "github_id", "name"].map { "\"\($0)\"" }] + rows
    return try scratch.write(
      lines.map { $0.joined(separator: ",") + "\n" }.joined(), "classroom_roster.csv")
  }
}
