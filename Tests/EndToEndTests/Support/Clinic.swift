import AsyncHTTPClient
import Foundation
import HMSTestKit
import HospitalClient
import ProcessDriving
import ServiceKit
import Supervision
import Synchronization
import Testing
import Vocabulary

/// A hospital of real processes, its clock in the hands of the story that is told, and the people who use it.
///
/// A story has its own patients, doctors and day, so that many can share one hospital, one after the other.
final class Clinic: Sendable {
    let hospital: HospitalProcess
    let clock: MovedClock
    private let http: HTTPClient
    private let number = Atomic(0)

    private init(_ hospital: HospitalProcess, _ clock: MovedClock, _ http: HTTPClient) {
        self.hospital = hospital
        self.clock = clock
        self.http = http
    }

    static let executable = BuiltExecutables.executable

    /// Every failure of the payment provider can be caused, and what hangs is taken up again soon.
    private static let settings = ["HMS_PAYMENT_PROVIDER": "sandbox", "HMS_PAYMENT_SWEEP_AFTER": "1s", "HMS_PAYMENT_TIMEOUT": "500ms"]

    /// Monday, 2 March 2026, 08:00 in Asia/Kolkata.
    private static let firstMorning = Instant(millisecondsSinceEpoch: 1_772_418_600_000)

    /// Starts a hospital, tells stories in it, and looks whether everything in it is as it must be: while it runs and when
    /// it has stopped.
    ///
    /// - Parameter environment: settings beside the usual ones.
    static func open(_ environment: [String: String] = [:], _ tell: (Clinic) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let clock = try MovedClock(path: folder.path + "/clock", at: firstMorning)
        let hospital = try await HospitalProcess.start(
            executable, in: folder, arguments: ["--clock", clock.path], environment: settings.merging(environment) { $1 })
        try await HTTPClient.withHospitalClient { http in
            try await tell(Clinic(hospital, clock, http))
        }
        try await expectSound(hospital)
        #expect(try await hospital.stop() == 0)
        try await expectSound(hospital)
    }

    private static func expectSound(_ hospital: HospitalProcess) async throws {
        let check = try await CommandRun(executable, ["check", "--data", hospital.data.path])
        #expect(check.status == 0, "\(check.output)")
    }

    /// For names that nobody else has.
    func nextNumber() -> Int { number.add(1, ordering: .relaxed).newValue }

    func moveClock(to instant: Instant) throws { try clock.move(to: instant) }
    func moveClock(by duration: Duration) throws { try clock.advance(by: duration) }

    func kill(_ service: String) { hospital.kill(service) }
    /// Nobody gets an answer of it any more, until it thaws.
    func freeze(_ service: String) { hospital.freeze(service) }
    func thaw(_ service: String) { hospital.thaw(service) }

    /// Somebody who uses the public API.
    func caller(_ role: CallerRole, subject: String? = nil) async throws -> Caller {
        let token = try hospital.data.token(subject: subject ?? "some-\(role.rawValue)", role: role, lifetime: .seconds(3_600))
        return Caller(HospitalClient(url: try HospitalURL(hospital.url), token: token, http: http))
    }

    /// Whoever brings this token.
    func caller(token: String) throws -> Caller {
        Caller(HospitalClient(url: try HospitalURL(hospital.url), token: token, http: http))
    }

    var reception: Caller { get async throws { try await caller(.reception) } }
    var billing: Caller { get async throws { try await caller(.billing) } }
    var admin: Caller { get async throws { try await caller(.admin) } }
}

/// The hospital that the stories of a suite share.
extension Clinic {
    @TaskLocal private static var shared: Clinic?

    /// The hospital of this story.
    static var ofThisStory: Clinic {
        get throws { try #require(shared) }
    }

    struct Sharing: SuiteTrait, TestScoping {
        @concurrent func provideScope(
            for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
        ) async throws {
            try await Clinic.open { clinic in
                try await Clinic.$shared.withValue(clinic) { try await function() }
            }
        }
    }
}

extension Trait where Self == Clinic.Sharing {
    /// One hospital for the whole suite.
    static var inOneHospital: Self { Self() }
}

/// Asks again and again until it is so; fails where it is not so in a time that no busy machine needs.
func eventually(
    _ what: String, within limit: Duration = .seconds(120), sourceLocation: SourceLocation = #_sourceLocation,
    _ isSo: () async throws -> Bool
) async throws {
    try await found(what, within: limit, sourceLocation: sourceLocation) { try await isSo() ? () : nil }
}

/// Looks again and again until there is one; fails where there is none in time.
func found<Value>(
    _ what: String, within limit: Duration = .seconds(120), sourceLocation: SourceLocation = #_sourceLocation,
    _ look: () async throws -> Value?
) async throws -> Value {
    let giveUp = ContinuousClock.now + limit
    while true {
        if let value = try await look() { return value }
        try #require(ContinuousClock.now < giveUp, "not within \(limit): \(what)", sourceLocation: sourceLocation)
        try await Task.sleep(for: .milliseconds(20))
    }
}
