import Foundation
import HMSTestKit
import ProcessDriving
import ServiceKit
import Supervision

/// Clients who book, as many as are wanted, sent by wrk.
struct BookingLoad {
    /// What came of it.
    struct Outcome: Decodable {
        let seconds: Double
        let made: Int
        /// Told to come again later.
        let refused: Int
        /// Answered anything else.
        let failed: Int
        /// Not answered.
        let broken: Int
        /// There was less to book than time for it.
        let spent: Bool
        /// Microseconds, of bookings that were made.
        let p50: Double
        let p99: Double

        var perSecond: Double { Double(made) / seconds }
    }

    let ground: VisitGround
    let hospital: HospitalProcess
    let folder: TemporaryFolder
    /// Whether who is refused asks again at once.
    let isImpatient: Bool
    private let scriptFile: String

    init(ground: VisitGround, hospital: HospitalProcess, folder: TemporaryFolder, isImpatient: Bool) throws {
        (self.ground, self.hospital, self.folder, self.isImpatient) = (ground, hospital, folder, isImpatient)
        scriptFile = folder.path + "/overload.lua"
        try OverloadScript.text.write(toFile: scriptFile, atomically: false, encoding: .utf8)
    }

    /// - Parameter perSecond: more than can be booked in a second.
    func run(clients: Int, seconds: Int, perSecond: Double) async throws -> Outcome {
        let bodies = ground.bookings(Int(perSecond) * seconds + 2 * clients)
        let file = folder.path + "/bodies"
        try (bodies.joined(separator: "\n") + "\n").write(toFile: file, atomically: false, encoding: .utf8)
        let threads = min(2, clients)
        var environment = [
            "TOKEN": try hospital.data.token(subject: "desk", role: .reception, lifetime: .seconds(7_200)), "THREADS": String(threads),
            "BODIES": file,
        ]
        if isImpatient { environment["IMPATIENT"] = "1" }
        let wrk = try await CommandRun(
            "/usr/bin/env",
            ["wrk", "-t\(threads)", "-c\(clients)", "-d\(seconds)s", "--timeout", "30s", "-s", scriptFile, hospital.url],
            environment: environment)
        guard wrk.status == 0, let line = wrk.output.split(separator: "\n").last,
            let outcome = try? JSONDecoder().decode(Outcome.self, from: Data(line.utf8)), outcome.seconds > 0
        else { throw BenchmarkFailed(reason: "wrk: \(wrk.output)") }
        guard !outcome.spent else { throw BenchmarkFailed(reason: "there was less to book than time for it") }
        return outcome
    }
}
