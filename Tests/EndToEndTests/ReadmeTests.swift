import Foundation
import HMSTestKit
import ProcessDriving
import ServiceKit
import Supervision
import Testing
import Vocabulary

/// What the README promises is tried, word for word.
@Suite(.timeLimit(.minutes(10))) struct ReadmeTests {
    @Test(.timeLimit(.minutes(10)))
    func `the five minutes with curl go as they are printed`() async throws {
        let tour = try Self.block(under: "Five minutes with curl")
        let folder = try TemporaryFolder()
        let clock = try MovedClock(path: folder.path + "/clinic-clock", at: try #require(Instant(rfc3339: "2026-03-02T08:00:00+05:30")))
        let hospital = try await HospitalProcess.start(Clinic.executable, in: folder, arguments: ["--clock", clock.path])
        let script =
            "set -eu -o pipefail\n"
            + tour.replacing("/tmp/clinic-clock", with: clock.path)
            .replacing(#/HMS_CLOCK=.*/#, with: "")
            .replacing("http://127.0.0.1:8080", with: hospital.url)
            .replacing(".build/release/hms", with: Clinic.executable)
        let run = try await CommandRun(
            "/bin/bash", ["-c", "exec 2>&1\n" + script], environment: ["HMS_DATA": hospital.data.path])
        #expect(run.status == 0, "\(run.output)")
        let seen = run.output.matches(of: #/HTTP/1\.1 (\d{3})/#).map { String($0.output.1) }
        #expect(seen == Self.promised(by: tour), "\(run.output)")
        #expect(run.output.contains("invariants hold"), "\(run.output)")
        #expect(try await hospital.stop() == 0)
    }

    @Test func `the imports take files of the shapes that they are printed for, twice without a double`() async throws {
        let imports = try #require(
            try Self.block(under: "A hospital to look at, and one of your own").components(separatedBy: "\n# What").last)
        let folder = try TemporaryFolder()
        for (name, text) in Self.syntheaShapes { try folder.write(text, to: name) }
        let hospital = try await HospitalProcess.start(Clinic.executable, in: folder)
        let script = "cd '\(folder.path)'\n#" + imports.replacing(#/(?m)^hms /#, with: Clinic.executable + " ")
        for counts in [["2 read, 2 created", "1 read, 1 created"], ["2 read, 0 created", "1 read, 0 created"]] {
            let run = try await CommandRun(
                "/bin/bash", ["-c", "set -eu; exec 2>&1\n" + script], environment: ["HMS_DATA": hospital.data.path])
            #expect(run.status == 0, "\(run.output)")
            let lines = run.output.split(separator: "\n").filter { $0.contains(" read, ") }
            #expect(lines.count == 5 && lines.allSatisfy { line in counts.contains { line.hasPrefix($0) } }, "\(run.output)")
        }
        let check = try await CommandRun(Clinic.executable, ["check", "--data", hospital.data.path])
        #expect(check.status == 0, "\(check.output)")
        #expect(try await hospital.stop() == 0)
    }

    /// Odd minutes, nights, stays of days, overlaps.
    private static let syntheaShapes = [
        "patients.csv": """
        Id,BIRTHDATE,DEATHDATE,SSN,FIRST,LAST,ADDRESS
        9d188916-8390,2008-04-07,,999-50-8136,Curt84,Schmidt332,"170 Kemmer Neck, Apt 30"
        3edac2e3-d223,1951-10-06,1999-01-02,999-17-5017,Maynard46,Mosciski958,784 Stamm Lock

        """,
        "providers.csv": "Id,ORGANIZATION,NAME,GENDER,SPECIALITY\n2d85c411-b7bb,e002090d,Víctor493 Noriega353,M,GENERAL PRACTICE\n",
        "encounters.csv": """
        Id,START,STOP,PATIENT,PROVIDER,ENCOUNTERCLASS,DESCRIPTION
        57f2562b-445c,2023-01-27T16:17:47Z,2023-01-27T16:32:47Z,9d188916-8390,2d85c411-b7bb,ambulatory,Encounter for symptom
        0622440b-ab3a,1998-12-27T03:17:47Z,1998-12-30T23:05:17Z,3edac2e3-d223,2d85c411-b7bb,inpatient,Admission to ward

        """,
        "medications.csv": """
        START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION
        2023-01-27T16:17:47Z,,9d188916-8390,57f2562b-445c,665078,Loratadine 5 MG Chewable Tablet
        1998-12-27T03:17:47Z,,3edac2e3-d223,0622440b-ab3a,308136,amLODIPine 2.5 MG Oral Tablet

        """,
        "allergies.csv": """
        START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION
        2009-09-27,,9d188916-8390,57f2562b-445c,111088007,Latex (substance)
        2009-09-27,,9d188916-8390,57f2562b-445c,84489001,Mold (organism)

        """,
    ]

    /// The first block of shell under a heading.
    private static func block(under heading: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let section = try #require(readme.components(separatedBy: "\n## \(heading)\n").dropFirst().first)
        let block = try #require(section.components(separatedBy: "```sh\n").dropFirst().first)
        return try #require(block.components(separatedBy: "```").first)
    }

    /// The statuses at the ends of its comments.
    private static func promised(by tour: String) -> [String] {
        tour.split(separator: "\n").filter { $0.hasPrefix("# ") }.flatMap { comment in
            comment.split(separator: " ").filter { $0.count == 3 && Int($0) != nil }.map(String.init)
        }
    }
}
