import Foundation
import HMSTestKit
import HospitalCommand
import ServiceKit
import Testing
import Vocabulary

/// What the README promises is tried, word for word.
@Suite(.timeLimit(.minutes(10))) struct ReadmeTests {
    @Test(.timeLimit(.minutes(10)))
    func `the five minutes with curl go as they are printed`() async throws {
        let tour = try Self.tour()
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

    /// The block of shell under its heading.
    private static func tour() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let section = try #require(readme.components(separatedBy: "\n## Five minutes with curl\n").dropFirst().first)
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
