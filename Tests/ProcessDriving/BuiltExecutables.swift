import Foundation
import Supervision

/// The hospital that is built beside the running executable, be that a benchmark or the tests.
public enum BuiltExecutables {
    /// Its `hms`.
    public static let executable =
        URL(fileURLWithPath: Bundle.main.executablePath ?? CommandLine.arguments[0]).deletingLastPathComponent().path + "/hms"

    /// What `hms check` finds in a hospital's data.
    ///
    /// - Parameter environment: where its data is, if that is not in its folder.
    public static func check(_ hospital: HospitalProcess, environment: [String: String] = [:]) async throws -> CommandRun {
        try await CommandRun(executable, ["check", "--data", hospital.data.path], environment: environment)
    }

    /// What `hms check` finds once nothing is broken any more, or when the time is over.
    public static func check(_ hospital: HospitalProcess, soundWithin limit: Duration, environment: [String: String] = [:]) async throws
        -> CommandRun
    {
        let giveUp = ContinuousClock.now + limit
        while true {
            let check = try await check(hospital, environment: environment)
            guard check.status != 0, ContinuousClock.now < giveUp else { return check }
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}
