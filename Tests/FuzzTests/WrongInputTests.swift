import Foundation
import HMSTestKit
import ProcessDriving
import ServiceKit
import Supervision
import Testing

@Suite(.timeLimit(.minutes(Fuzzing.asAsked().minutesAtMost))) struct WrongInputTests {
    @Test func `whatever is sent to its ports, no part of a hospital dies, answers with 500 or keeps a good request waiting`() async throws
    {
        // A server that closes a connection first is an answer, and no signal.
        signal(SIGPIPE, SIG_IGN)
        let fuzzing = Fuzzing.asAsked()
        let folder = try TemporaryFolder()
        let hospital = try await HospitalProcess.start(BuiltExecutables.executable, in: folder, logFile: folder.path + "/log")
        let token = try hospital.data.token(subject: "fuzz", role: .admin, lifetime: .seconds(86_400))
        let target = try FuzzTarget(hospital.data.runningHospital(), token: token)
        let report = await fuzzing.run(against: target, processes: HospitalProcesses(of: hospital.pid))
        print("\(fuzzing)\n\(report)")
        #expect(report.tally.goodRequests > 0)
        #expect(report.tally.faults.isEmpty)
        #expect(report.processes.changes.isEmpty)
        #expect(try await hospital.stop() == 0)
        let check = try await BuiltExecutables.check(hospital)
        #expect(check.status == 0, "\(check.output)")
    }
}
