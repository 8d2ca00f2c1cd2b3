import Assignment

/// A student's files with what was found at their lines.
struct CodeSection {
  /// Something that is said of a line.
  private struct Finding {
    /// A word with a sign, as HTML.
    let badge: String
    /// The checks that say it, as HTML.
    var checks: [String] = []
    /// What is said.
    let texts: [String]
    /// Whether the line is known; else the finding stands at its task's function.
    let isOfLine: Bool

    func says(the other: Finding) -> Bool {
      badge == other.badge && texts == other.texts && isOfLine == other.isOfLine
    }
  }

  private let student: StudentView
  private let files: [String]
  /// By file and line.
  private var findings: [SourcePlace: [Finding]] = [:]
  /// Where a check's finding stands.
  private var places: [String: SourcePlace] = [:]

  /// Prepares the section.
  ///
  /// - Parameter stubs: the files as handed out, by name.
  init(_ student: StudentView, manifest: AssignmentManifest, stubs: [String: String]) {
    self.student = student
    let own = Dictionary(student.code.map { ($0.name, $0) }) { first, _ in first }
    files = manifest.files.filter { own[$0] != nil }
    /// A line of the student's; the compiler may also mean the one after the last.
    func line(_ place: SourcePlace) -> SourcePlace? {
      own[place.file].map {
        SourcePlace(file: place.file, line: min(max(place.line, 1), $0.count))
      }
    }
    for message in student.compilerMessages {
      guard let place = line(message.place) else { continue }
      let badge =
        message.kind == .error
        ? HTML.badge("bad", "✗", "error") : HTML.badge("warn", "!", "warning")
      add(Finding(badge: badge, texts: [message.text], isOfLine: true), at: place)
    }
    for (index, check) in student.checks.enumerated() {
      guard check.outcome != .passed, check.outcome != .notRun,
        let task = manifest.tasks.first(where: { $0.checks.contains { $0.id == check.id } }),
        let entry = task.checks.first(where: { $0.id == check.id })
      else { continue }
      let known = check.place.flatMap(line)
      let place: SourcePlace
      if let known {
        place = known
      } else if let file = own[task.file], !file.lines.isEmpty {
        let functions = TaskFunctions(of: task, stub: stubs[task.file] ?? "")
        place = SourcePlace(
          file: task.file, line: functions.line(of: entry.kind, in: file.lines) ?? 1)
      } else {
        continue
      }
      places[check.id] = place
      // the compiler's own words stand there already
      if check.outcome == .notBuilt, known != nil, findings[place] != nil { continue }
      let link =
        "<a href=\"#\(Self.anchor(check: index))\">"
        + "\(HTML.escape("\(task.id) \(task.title): \(entry.title)"))</a>"
      add(
        Finding(
          badge: HTML.badge(check.outcome), checks: [link],
          texts: [check.message] + (check.diagnosis.map { ["Likely cause: \($0)"] } ?? []),
          isOfLine: known != nil), at: place)
    }
  }

  private mutating func add(_ finding: Finding, at place: SourcePlace) {
    if let index = findings[place]?.firstIndex(where: { $0.says(the: finding) }) {
      findings[place]?[index].checks += finding.checks
    } else {
      findings[place, default: []].append(finding)
    }
  }

  // MARK: Links

  /// Where a check stands on the page, by its place in the list.
  static func anchor(check index: Int) -> String { "check-\(index + 1)" }

  private func anchor(_ place: SourcePlace) -> String {
    "line-\((files.firstIndex(of: place.file) ?? 0) + 1)-\(place.line)"
  }

  /// A link to the line that a check's finding stands at; empty where none does.
  func link(_ check: StudentView.Check) -> String {
    guard let place = places[check.id] else { return "" }
    let words = check.place == nil ? "in \(place.file)" : "\(place.file), line \(place.line)"
    return "<a class=\"place\" href=\"#\(anchor(place))\">\(HTML.escape(words))</a>"
  }

  // MARK: The code

  /// The section; nil where no file is kept.
  var section: PageSection? {
    let listings = files.compactMap { name in student.code.first { $0.name == name } }
    guard !listings.isEmpty else { return nil }
    return PageSection(
      title: "Code",
      body: "<p class=\"quiet\">What was found stands at its line, and where none is known, at the "
        + "task's function.</p>\n" + listings.map(html).joined())
  }

  private func html(_ file: SourceListing) -> String {
    let own = findings.filter { $0.key.file == file.name }
    let count = own.values.reduce(0) { $0 + $1.count }
    var html =
      "<details\(own.isEmpty ? "" : " open=\"\"")><summary><code>\(HTML.escape(file.name))</code>, "
    html += "\(file.count) \(file.count == 1 ? "line" : "lines")"
    html += count == 0 ? "" : ", \(count) \(count == 1 ? "finding" : "findings")"
    html += "</summary>\n<ol class=\"code\">\n"
    for (index, line) in file.lines.enumerated() {
      let place = SourcePlace(file: file.name, line: index + 1)
      let code = line.isEmpty ? "" : "<code>\(HTML.escape(line))</code>"
      if let found = own[place] {
        html +=
          "<li id=\"\(anchor(place))\" class=\"found\">\(code)\(found.map(Self.html).joined())</li>\n"
      } else {
        html += "<li>\(code)</li>\n"
      }
    }
    html += "</ol>\n"
    if file.count > file.lines.count {
      html += "<p class=\"quiet\">\(file.count - file.lines.count) more lines are not shown.</p>\n"
      // what is said of them is said all the same
      let beyond = own.filter { $0.key.line > file.lines.count }
      for (place, found) in beyond.sorted(by: { $0.key.line < $1.key.line }) {
        html +=
          "<div id=\"\(anchor(place))\"><p>Line \(place.line):</p>\(found.map(Self.html).joined())</div>\n"
      }
    }
    return html + "</details>\n"
  }

  private static func html(_ finding: Finding) -> String {
    "<div class=\"finding\">"
      + ([finding.badge] + finding.checks).joined(separator: " ")
      + finding.texts.filter { !$0.isEmpty }.map { "<p>\(HTML.escape($0))</p>" }.joined()
      + "</div>"
  }
}
