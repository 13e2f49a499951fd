import Foundation
import HMSTestKit
import ProcessDriving
import Supervision
import Testing

/// What a command says by its status where what was asked of it can't be written.
@Suite(.timeLimit(.minutes(10))) struct LostOutputTests {
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"))) func `a document on a full disk is a failure`() async throws {
        let folder = try TemporaryFolder()
        let hospital = try await HospitalProcess.start(Clinic.executable, in: folder)
        let (hms, data) = ("'\(Clinic.executable)'", "--data '\(hospital.data.path)'")
        try Self.log(1).write(to: URL(filePath: folder.path + "/a.log"))
        for command in [
            "token --role admin \(data)", "metrics \(data)", "logs - < '\(folder.path)/a.log'", "call --list \(data)",
            "call hms.doctor.v1.DoctorService/ListDoctors \(data)", "user add asha --role reception --one-time \(data)",
        ] {
            let run = try await Self.shell("\(hms) \(command) > /dev/full")
            #expect(run.status == 1, "\(command)")
        }
        #expect(try await hospital.stop() == 0)
    }

    @Test func `who follows a log ends when nobody reads any more`() async throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/logs", withIntermediateDirectories: true)
        try Self.log(10_000).write(to: URL(filePath: folder.path + "/logs/hospital.jsonl"))
        let run = try await Self.shell("'\(Clinic.executable)' logs --data '\(folder.path)' | head -n 1")
        #expect(run.status == 0 && run.output.hasSuffix("the end of line 1\n"), "\(run.output)")
    }

    private static func log(_ lines: Int) -> Data {
        let text = (1...lines).map { number in
            #"{"timestamp":"2026-11-27T10:00:00.120Z","level":"info","service":"rest","message":"the end of line \#(number)"}"# + "\n"
        }
        return Data(text.joined().utf8)
    }

    private static func shell(_ line: String) async throws -> CommandRun { try await CommandRun("/bin/sh", ["-c", line]) }
}
