import Foundation
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
    private let databases: any PaperDatabases

    /// Makes databases in files.
    convenience init(_ schemas: [String: Schema], routes: [EventRoute]) async throws {
        try self.init(schemas.keys.sorted(), routes: routes, try await PaperFiles(schemas))
    }

    init(_ services: [String], routes: [EventRoute], _ databases: any PaperDatabases) throws {
        clinic = ClinicKnowledge(services: services, routes: routes, calendar: try #require(ClinicCalendar(timeZone: "Asia/Kolkata")))
        self.databases = databases
    }

    /// Runs statements on a service's database with every constraint that can be turned off turned off.
    func write(_ service: String, _ sql: String) throws { try databases.write(service, sql) }

    /// What a check at rest says.
    func check() throws -> CheckReport {
        try check { try $0.judge(atRest: $1) }
    }

    func check<Result>(_ body: (HospitalCheck, any DatabasesSideBySide) throws -> Result) throws -> Result {
        try databases.read { try body(HospitalCheck(clinic), $0) }
    }
}

/// Where a hospital on paper is.
protocol PaperDatabases: AnyObject {
    func write(_ service: String, _ sql: String) throws
    func read<Result>(_ body: (any DatabasesSideBySide) throws -> Result) throws -> Result
}

extension CheckReport {
    /// The breaches of the invariants of a verdict, by their sentence.
    func breaches(_ verdict: Verdict = .broken) -> [String: [String]] {
        Dictionary(
            lines.filter { $0.verdict == verdict }.map { ($0.invariant.sentence, $0.finding.breaches) }, uniquingKeysWith: +)
    }
}
