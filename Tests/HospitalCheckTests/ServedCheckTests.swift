import ServiceKit
import Storage
import StorageTestKit
import Testing
import Vocabulary

@testable import HospitalCheck

/// A check of a hospital on PostgreSQL, which can't be seen to run but by what its processes hold.
@Suite(.enabled(if: TestServer.isPresent), .timeLimit(.minutes(5))) struct ServedCheckTests {
    private static let delivered = "Every event was delivered to everybody who hears of it, or is a dead letter"

    /// A hospital that was stopped before the billing service was told of a visit.
    private func withHospital(_ body: (ServedCheck, Database) async throws -> Void) async throws {
        try await TestServer.withOwnDatabase { _, url in
            for service in PaperDataFolder.services where service.name != "appointment" {
                let database = try await Database.open(.postgres(url: url, schema: service.name), schema: service.schema, logger: quiet)
                await database.close()
            }
            let appointment = try #require(PaperDataFolder.services.first { $0.name == "appointment" })
            let database = try await Database.open(.postgres(url: url, schema: appointment.name), schema: appointment.schema, logger: quiet)
            try await database.write { transaction in
                try transaction.execute(
                    """
                    INSERT INTO hms_outbox (event_id, type, aggregate_id, payload, correlation_id, created_at)
                    VALUES ('evt_1', 'appointment.completed', 'apt_1', ?, 'c', 0)
                    """, [.blob([0])])
            }
            var configuration = HospitalConfiguration(dataFolder: "/nowhere")
            configuration.databases = DatabasePlaces(all: url)
            let calendar = try #require(ClinicCalendar(timeZone: "Asia/Kolkata"))
            let clinic = ClinicKnowledge(PaperDataFolder.services, calendar: calendar)
            try await body(try ServedCheck(configuration, clinic, logger: quiet), database)
            await database.close()
        }
    }

    @Test func `what a hospital on a server was stopped over waits for its start`() async throws {
        try await withHospital { check, _ in
            let report = try await check.report()
            #expect(report.isSound, "\(report)")
            #expect(report.breaches(.waits).keys.contains(Self.delivered))
        }
    }

    /// As a relay that has the lease, and was kept from delivering for longer than three looks.
    @Test func `an event that is late while a process delivers is waited for`() async throws {
        try await withHospital { check, database in
            let report = try await Lease("outbox of billing", in: database).whileHeld {
                var looks = 1
                return try await check.report {
                    looks += 1
                    if looks == 5 { _ = try await database.write { try $0.execute("DELETE FROM hms_outbox") } }
                }
            }
            #expect(report?.lines.allSatisfy { $0.verdict == .holds } == true, "\(String(describing: report))")
        }
    }
}
