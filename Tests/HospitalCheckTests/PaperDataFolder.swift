import Foundation
import GRDB
import HMSTestKit
import Logging
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import HospitalCheck

/// The databases of a hospital that never ran: with the tables of the real services, and rows that a test writes by hand,
/// past every rule.
final class PaperDataFolder {
    let clinic: ClinicKnowledge
    private let folder: TemporaryFolder

    /// Makes the databases and leaves them closed.
    init(_ schemas: [String: Schema], routes: [EventRoute]) async throws {
        folder = try TemporaryFolder()
        clinic = ClinicKnowledge(
            services: schemas.keys.sorted(), routes: routes, calendar: try #require(ClinicCalendar(timeZone: "Asia/Kolkata")))
        for (service, schema) in schemas {
            let database = try await Database.open(.sqlite(path: path(of: service)), schema: schema, logger: Self.quiet)
            await database.close()
        }
    }

    /// Runs statements on a service's database with every constraint that can be turned off turned off.
    func write(_ service: String, _ sql: String) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: path(of: service), configuration: configuration)
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA ignore_check_constraints = ON; " + sql) }
        try queue.close()
    }

    func path(of service: String) -> String { "\(folder.path)/\(service).sqlite" }

    /// What a check at rest says.
    func check() throws -> CheckReport {
        try check { try $0.judge(atRest: $1) }
    }

    func check<Result>(_ body: (HospitalCheck, DatabaseFiles) throws -> Result) throws -> Result {
        let paths = Dictionary(uniqueKeysWithValues: clinic.services.map { ($0, path(of: $0)) })
        let files = try DatabaseFiles(paths, held: true)
        let result = try body(HospitalCheck(clinic), files)
        try files.close()
        return result
    }

    private static let quiet = Logger(label: "paper") { _ in SwiftLogNoOpLogHandler() }
}

extension CheckReport {
    /// The breaches of the invariants of a verdict, by their sentence.
    func breaches(_ verdict: Verdict = .broken) -> [String: [String]] {
        Dictionary(
            lines.filter { $0.verdict == verdict }.map { ($0.invariant.sentence, $0.finding.breaches) }, uniquingKeysWith: +)
    }
}
