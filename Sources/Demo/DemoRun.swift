import AsyncHTTPClient
import Foundation
import HospitalClient
public import ServiceKit
import Supervision
import Vocabulary

/// Makes the demo of a data folder: runs the hospital behind closed doors, on a clock of its own that goes through two
/// weeks and ends now, and stops it.
public struct DemoRun: Sendable {
    private let folder: DataFolder
    private let lock: FolderLock
    private let configuration: HospitalConfiguration
    private let parts: HospitalParts
    private let services: [String]
    private let environment: [String: String]

    /// - Parameter environment: settings of the hospital's processes, by the names of their variables.
    public init(
        _ folder: DataFolder, _ lock: FolderLock, _ configuration: HospitalConfiguration, _ parts: HospitalParts, services: [String],
        environment: [String: String]
    ) {
        self.folder = folder
        self.lock = lock
        self.configuration = configuration
        self.parts = parts
        self.services = services
        self.environment = environment
    }

    /// Does nothing on a folder that has its demo, and says what it has in every case.
    ///
    /// - Returns: what is in the demo.
    /// - Throws: ``DemoFailed`` on a folder that has people of its own, or half a demo.
    public func fillOnce(until stop: StopRequest) async throws -> String {
        if let text = try? String(contentsOfFile: mark, encoding: .utf8) { return text.filter { !$0.isNewline } }
        let calendar = try configuration.clinic.calendar()
        let end = try HospitalClock(configuration, logger: parts.logger("demo")).now()
        let clock = try MovedClock(path: folder.path + "/demo-clock", at: DemoFilling.beginning(before: end, calendar))
        // Free ports, so that nobody is served a hospital in the past.
        let anywhere = NetworkAddress(host: "127.0.0.1", port: 0)
        let plan = try HospitalPlan(
            folder: folder, lock: lock, http: anywhere, rpc: anywhere, services: services,
            settings: HospitalSettings(
                clockFile: clock.path, environment: environment, security: .init(of: configuration)))
        let ending = StopRequest()
        let watch = Task { for await _ in stop.moments { ending.request() } }
        defer { watch.cancel() }
        do {
            try await HospitalRun(plan, parts).run(until: ending.moments) { _, _ in
                let counts = try await ending.cancelling { try await fill(plan.url, clock, calendar, until: end) }
                try Data("\(counts), up to \(end)\n".utf8).write(to: URL(fileURLWithPath: mark), options: .atomic)
                ending.request()
            }
        } catch  where stop.isRequested {
            throw stopped
        }
        guard let text = try? String(contentsOfFile: mark, encoding: .utf8) else { throw stopped }
        try FileManager.default.removeItem(atPath: clock.path)
        return text.filter { !$0.isNewline }
    }

    private var stopped: DemoFailed { DemoFailed(reason: "it was stopped half-way; remove \(folder.path) and begin again") }

    /// Says that the folder has its demo, and what is in it.
    private var mark: String { folder.path + "/demo" }

    private func fill(_ url: String, _ clock: MovedClock, _ calendar: ClinicCalendar, until end: Instant) async throws -> DemoCounts {
        let url = try HospitalURL(url)
        return try await HTTPClient.withHospitalClient(for: url) { http in
            let staff = try await DemoStaff { [signer = parts.signer] role, subject in
                let token = try signer.sign(subject: subject, role: role, lifetime: .seconds(3_600))
                return HospitalClient(url: url, token: token, http: http)
            }
            return try await DemoFilling(staff: staff, clock: clock, calendar: calendar).fill(DemoHospital(), until: end)
        }
    }
}
