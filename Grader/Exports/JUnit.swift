import Assignment
import Foundation
import Reports

extension Exporter {
  /// All checks as one report for continuous integration: a suite for each submission.
  ///
  /// Source: the conventions collected in testmoapp/junitxml.
  func junit() -> Export {
    var (suites, total) = ("", Counts())
    for student in record.students.map(StudentView.init) {
      var counts = Counts()
      var cases = ""
      for check in student.checks {
        counts.add(check)
        let head =
          "    <testcase name=\"\(Self.escape(check.id))\" "
          + "classname=\"\(Self.escape("\(record.manifest.unit).\(check.task)"))\" "
          + "time=\"\(Self.seconds(check.seconds))\""
        let said = "message=\"\(Self.escape(check.message))\""
        let body = Self.escape(check.message + check.explanation)
        switch check.outcome {
        case .passed: cases += head + "/>\n"
        case .failed:
          cases +=
            head + ">\n      <failure \(said) type=\"failed\">\(body)</failure>\n    </testcase>\n"
        case .crashed, .timedOut, .notBuilt:
          cases +=
            head + ">\n      <error \(said) type=\"\(check.outcome.rawValue)\">\(body)</error>"
          cases += "\n    </testcase>\n"
        case .notImplemented, .notRun:
          cases += head + ">\n      <skipped \(said)/>\n    </testcase>\n"
        }
      }
      total.add(counts)
      suites +=
        "  <testsuite name=\"\(Self.escape(student.submission))\" \(counts.attributes)>\n"
      suites += "    <properties>\n      <property name=\"score\" value=\"\(student.score)\"/>\n"
      suites += "      <property name=\"maxScore\" value=\"\(student.maxScore)\"/>\n"
      suites += "    </properties>\n\(cases)  </testsuite>\n"
    }
    var export = Export()
    export.files["junit.xml"] =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      + "<testsuites name=\"\(Self.escape(record.manifest.unit))\" \(total.attributes)>\n"
      + "\(suites)</testsuites>\n"
    return export
  }

  private struct Counts {
    var (tests, failures, errors, skipped) = (0, 0, 0, 0)
    var time = 0.0

    mutating func add(_ check: StudentView.Check) {
      tests += 1
      time += check.seconds
      switch check.outcome {
      case .passed: break
      case .failed: failures += 1
      case .crashed, .timedOut, .notBuilt: errors += 1
      case .notImplemented, .notRun: skipped += 1
      }
    }

    mutating func add(_ other: Counts) {
      tests += other.tests
      failures += other.failures
      errors += other.errors
      skipped += other.skipped
      time += other.time
    }

    var attributes: String {
      "tests=\"\(tests)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\" "
        + "time=\"\(Exporter.seconds(time))\""
    }
  }

  private static func seconds(_ value: Double) -> String { String(format: "%.3f", value) }

  /// Text as text: XML 1.0 has no control characters at all, not even escaped ones.
  static func escape(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\n", "\r", "\t": escaped += "&#\(scalar.value);"
      default:
        let isAllowed = scalar.value >= 32 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
        escaped.unicodeScalars.append(isAllowed ? scalar : "\u{fffd}")
      }
    }
    return escaped
  }
}
