import Examples
import Foundation
import XCTest

@testable import Recordings
@testable import Signals

/// The figures of real records of twelve leads, where they are at hand: those of contrastive_ecg_reference.py (`stats`,
/// `ptbxl-read`) with NumPy and SciPy.
final class RealTwelveLeadTests: XCTestCase {
  /// The records of one archive among the data.
  private func load(_ name: String) throws -> TwelveLeadSet {
    try TwelveLeads().load(
      TwelveLeads().find(try path(name), localStore: ""), strict: true
    ) { _, _ in }
  }

  /// Where an archive lies.
  private func path(_ name: String) throws -> String {
    let what = "so the figures of \(name) are not tested."
    guard let path = ProcessInfo.processInfo.environment["RHYTHMLAB_DATA"] else {
      throw XCTSkip("RHYTHMLAB_DATA names no archive or folder, \(what)")
    }
    let below = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    guard let found = below.first(where: { ($0 as NSString).lastPathComponent == name }) else {
      throw XCTSkip("RHYTHMLAB_DATA has none of their recordings, \(what)")
    }
    return "\(path)/\(found)"
  }

  /// Of every lead of all 155 records the first value and the check sum are those of the header: reading is strict.
  func testTheChallengesSample() throws {
    let set = try load("challenge2021-155.zip")
    XCTAssertEqual(
      set.inventory,
      """
      records: 155 (Ningbo 56, Georgia 35, PTB-XL 29, CPSC-Extra 22, Chapman-Shaoxing 9, CPSC 4)
      rates: all 500 Hz
      samples: min 5000, median 5000, max 28934, 140 of them as many as the median
      """)
    XCTAssertLessThanOrEqual(set.records.map(\.limbError).max() ?? 1, 0.02)
    let report = try TwelveLeads().prepare(set, [:]).report
    XCTAssertTrue(
      report.hasPrefix(
        """
        left out: E00009, an amplitude of 0.15 mV under the gain 4880
        left out: E00015, an amplitude of 0.07 mV under the gain 4880
        left out: E00018, an amplitude of 0.07 mV under the gain 4880
        left out: HR00599, an amplitude of 3.50 mV under the gain 200
        left out: HR20715, an amplitude of 4.55 mV under the gain 200
        left out: JS11438, 6 constant leads
        left out: JS20004, 3 constant leads
        left out: JS20008, 3 constant leads
        amplitude: 0.07 to 4.55 mV
        kept: 147 records, 162 crops of 10 s at 100 Hz (Ningbo 53, Georgia 32, PTB-XL 27, CPSC-Extra 22, \
        Chapman-Shaoxing 9, CPSC 4)
        codes: 45, 2.22 a record (at most 8), 91 different sets
        standard deviation of the leads in mV: 0.136 0.170 0.152 0.134 0.116 0.146 0.210 0.316 0.329 \
        0.331 0.301 0.301

        """), report)
    XCTAssertTrue(
      report.contains(
        """
        diagnoses of 5 records or more (20): sinus rhythm 46, sinus bradycardia 30, sinus tachycardia 30, premature \
        atrial contraction 25, t wave abnormal 19, nonspecific st t abnormality 14, nonspecific intraventricular \
        conduction disorder 12, left ventricular high voltage 10, s t changes 10, premature ventricular contractions 9, \
        right bundle branch block 9, atrial flutter 8, myocardial infarction 8, old myocardial infarction 8, t wave \
        inversion 8, left ventricular hypertrophy 7, sinus arrhythmia 6, atrial fibrillation 5, left axis deviation 5, \
        qwave abnormal 5

        """), report)
  }

  func testThePartOfPTBXL() throws {
    let set = try load("ptb-xl-2750.zip")
    XCTAssertEqual(
      set.inventory,
      """
      records: 2750 (PTB-XL 2750)
      rates: all 100 Hz
      samples: min 1000, median 1000, max 1000, 2750 of them as many as the median
      """)
    XCTAssertTrue(set.isWhole)
    let data = try TwelveLeads().prepare(set, [:])
    XCTAssertTrue(
      data.report.hasPrefix(
        """
        one constant lead, kept: 12722_lr
        amplitude: 0.24 to 2.58 mV
        kept: 2750 records, 2750 crops of 10 s at 100 Hz (PTB-XL 2750)
        official parts: 2195 in 1 to 8, 277 in 9, 278 in 10
        codes: 49, 3.31 a record (at most 9), 1356 different sets
        standard deviation of the leads in mV: 0.165 0.181 0.198 0.142 0.159 0.171 0.262 0.378 0.384 \
        0.325 0.295 0.255

        """), data.report)
    XCTAssertTrue(
      data.report.contains(
        """
        training: 1627 records, 1627 crops, 691 different captions
        tested: 1123 records, 555 of them on the side to test on
        seen diagnoses: 34 (
        """), data.report)
    for part in [
      "left bundle branch block 133", "ventricular bigeminy 79", "atrial flutter 56",
      "inferior ischaemia 129", "right axis deviation 106", "sinus tachycardia 137",
      "incomplete left bundle branch block 74",
    ] { XCTAssertTrue(data.report.contains(part + ","), part) }
    let questions = try XCTUnwrap(data.questions)
    XCTAssertEqual(
      data.split.queries.filter { $0.group == "described" }.map { query in
        query.answers(in: data.split.validation).count(where: \.isAnswer)
      }, [43, 52, 61])
    XCTAssertEqual(questions.heldBack.count, 555)
    // who is held out is in no training record
    for query in data.split.queries where ["near", "opposite", "described"].contains(query.group) {
      XCTAssertFalse(query.answers(in: data.split.training).contains(where: \.isAnswer), query.name)
    }
  }

  /// The experiment that trains on all diagnoses and tests on the five other sources of the challenge's sample.
  func testOtherSources() throws {
    let set = try load("ptb-xl-2750.zip")
    let data = try TwelveLeads().prepare(
      set, ["held-out": "none", "other": try path("challenge2021-155.zip")])
    XCTAssertEqual(data.split.training.count, 2195)
    XCTAssertEqual(data.split.validation.count, 555)
    XCTAssertEqual(data.questions?.other?.count, 120)
    XCTAssertTrue(data.report.contains("of another source: 120 records"), data.report)
  }
}
