import Foundation
import TestSupport

/// The class that every platform hands over: 25 people of whom each outcome is known.
struct PlatformClass {
  /// What somebody handed in.
  enum Work {
    case right, wrong, stub, uncompiled, crashing
    /// `ANSWERS.md` and no code.
    case answers
  }

  /// Somebody in it.
  struct Student {
    /// Their number at the university, as a text: some begin with zeros.
    let number: String
    /// The first name; nothing where somebody has one name only.
    let given: String
    /// The family's.
    let family: String
    /// What counts.
    let work: Work
    /// Whether it came late, by less than a day.
    var isLate = false
    /// What was handed in before that.
    var earlier: Work?
    /// The number of the other one of a group of two, who handed in for both.
    var partner: String?
    /// The place in the list, which the platforms' own numbers are made of.
    var place = 0

    /// The full name.
    var name: String { given.isEmpty ? family : "\(given) \(family)" }
    /// The login at the university, and at GitHub.
    var login: String { "u\(place)x" }
    /// The address.
    var email: String { "\(login)@u.example" }
    /// What Brightspace, Canvas and Moodle number people by.
    var brightspace: Int { 397_000 + place }
    var canvas: Int { 10_000 + place }
    var participant: Int { 4_700 + place }
    var gradescope: Int { 50_000 + place }
  }

  /// When it was due.
  static let due = "2024-11-20 23:59 Europe/Amsterdam"

  /// Everybody. Two have one name, and the numbers of two differ by a zero in front alone.
  let students: [Student]
  /// Somebody on every list who handed nothing in.
  let absent: Student

  init() {
    var students = [
      Student(number: "0071234", given: "Jan", family: "de Vries", work: .right),
      Student(number: "2071235", given: "Jan", family: "de Vries", work: .wrong),
      Student(number: "071234", given: "Zoë", family: "Müller", work: .wrong),
      Student(number: "2048201", given: "Łukasz", family: "Wiśniewski", work: .right),
      Student(number: "2048202", given: "José María", family: "García Márquez", work: .right),
      Student(number: "2048203", given: "Anne-Sophie", family: "Lefèvre-Dubois", work: .crashing),
      Student(number: "0048204", given: "Pieter", family: "van der Berg", work: .wrong),
      Student(number: "2048205", given: "Sophie", family: "van den Heuvel", work: .stub),
      Student(number: "2048206", given: "", family: "Suharto", work: .right),
      Student(number: "2048207", given: "", family: "Prabhu", work: .wrong),
      Student(number: "0048208", given: "Ann", family: "Lee", work: .right),
      Student(number: "2048209", given: "Bob", family: "Ray", work: .wrong),
      Student(number: "2048210", given: "Cy", family: "Fox", work: .stub),
      Student(number: "2048211", given: "Dorothea", family: "O'Neil", work: .uncompiled),
      Student(number: "2048212", given: "Emre", family: "Yılmaz", work: .uncompiled),
      Student(number: "2048213", given: "Fatima", family: "al-Zahra", work: .right, isLate: true),
      Student(number: "0048214", given: "Göran", family: "Ångström", work: .wrong, isLate: true),
      Student(
        number: "2048215", given: "Hạnh", family: "Nguyễn Thị", work: .right, earlier: .wrong),
      Student(number: "2048216", given: "Ivan", family: "Petrov", work: .wrong, earlier: .right),
      Student(number: "2048217", given: "Jin", family: "Li", work: .answers),
      Student(number: "2048218", given: "Kim", family: "Li", work: .right),
      Student(number: "0048219", given: "Lena", family: "Groß", work: .right, partner: "2048220"),
      Student(number: "2048220", given: "Mats", family: "Øvergård", work: .right),
      Student(number: "2048221", given: "Nina", family: "Jansen", work: .crashing),
      Student(number: "2048222", given: "Omar", family: "Said", work: .stub),
    ]
    for index in students.indices { students[index].place = index + 1 }
    self.students = students
    absent = Student(number: "2048299", given: "Quinn", family: "Away", work: .stub, place: 99)
  }

  /// All on the platform's lists.
  var listed: [Student] { students + [absent] }
  /// Those who handed in themselves: of a group one did for both.
  var handingIn: [Student] {
    let partners = Set(students.compactMap(\.partner))
    return students.filter { !partners.contains($0.number) }
  }
  /// The two of one name.
  var namesakes: [Student] { students.filter { $0.name == "Jan de Vries" } }

  func student(_ number: String) throws -> Student {
    guard let found = students.first(where: { $0.number == number }) else {
      throw FixtureError("nobody has the number \(number)")
    }
    return found
  }

  /// The members of the one who handed in for a group.
  func group(_ student: Student) throws -> [Student] {
    try student.partner.map { [student, try self.student($0)] } ?? []
  }

  // MARK: What they handed in

  /// The files of a piece of work, of somebody or of a group.
  static func files(
    _ work: Work, of group: [Student], _ course: SmallCourse
  ) throws -> [(name: String, text: String)] {
    func text(_ path: String) throws -> String {
      try String(contentsOfFile: course.root + "/" + path, encoding: .utf8)
    }
    var files: [(name: String, text: String)] = []
    if work != .answers {
      let means =
        switch work {
        case .right, .answers: try course.solution()
        case .wrong: try course.mistaken()
        case .stub: try text("Assignments/Toy/WeightedMeans.swift")
        case .uncompiled: try course.solution("  let means: Int = \"three\"\n")
        case .crashing: try course.solution("  let none: [Int] = []\n  _ = none[3]\n")
        }
      let folder = work == .stub ? "Assignments" : "Solutions"
      files = [
        ("MovingSums.swift", try text("\(folder)/Toy/MovingSums.swift")),
        ("ThreeClassNet.swift", try text("\(folder)/Toy/ThreeClassNet.swift")),
        ("WeightedMeans.swift", means),
      ]
    }
    guard work == .answers || !group.isEmpty else { return files }
    let members = group.map { "\($0.name), \($0.number)\n" }.joined()
    let template = try text("Assignments/Toy/ANSWERS.md")
    guard let place = template.range(of: "<!-- members -->\n") else {
      throw FixtureError("ANSWERS.md has no place for members")
    }
    return files + [
      ("ANSWERS.md", template.replacingCharacters(in: place, with: "<!-- members -->\n" + members))
    ]
  }
}
