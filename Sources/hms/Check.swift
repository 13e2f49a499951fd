import ArgumentParser
import Foundation
import HospitalCheck
import Logging
import ServiceKit
import Supervision
import Vocabulary

/// `hms check`
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Looks at all the data of a hospital and says what must be so and is not.",
        discussion: """
            On a data folder at rest it reads the databases themselves, and nobody can start a hospital there meanwhile. Where \
            one runs, it has every service write a backup of itself and reads those; what may be on its way (a bill that \
            follows a visit) must be missing three times, two seconds apart, to count, and for a minute where an event that \
            brings it still waits. On PostgreSQL it reads the services' schemas, all in one state, whether a hospital runs or \
            not; they must be in one database, which HMS_DATABASE names.

            Prints every invariant with how much was looked at and its verdict, then what breaks it, by ids. “waits” is what a \
            hospital at rest was stopped over: it goes on when the hospital starts. The status is 0 where nothing is broken, 1 \
            where something is, and 2 where the check itself could not be made.

            What a day is depends on the clinic's time zone, so it must be the one that the hospital runs in: HMS_CLINIC_TIMEZONE, \
            or --clinic-timezone.

            EXAMPLES
              hms check
              hms check --data /srv/clinic
            """)

    @OptionGroup var data: DataOption

    @OptionGroup var token: TokenOption

    @Option(help: ArgumentHelp("IANA time zone of the clinic.", valueName: "zone"))
    var clinicTimezone: String?

    func run() async throws {
        let report: CheckReport
        do {
            report = try await self.report()
        } catch {
            Output.remark("Error: \(error)")
            throw ExitCode(2)
        }
        Output.print(report.description)
        if !report.isSound { throw ExitCode(1) }
    }

    private func report() async throws -> CheckReport {
        let configuration = try configuration()
        let clinic = ClinicKnowledge(HospitalServices.all, calendar: try configuration.clinic.calendar())
        if HospitalServices.names.contains(where: configuration.databases.isServer) {
            return try await ServedCheck(configuration, clinic, logger: .hospital(service: "check", level: .warning)).report()
        }
        let folder = DataFolder(configuration.dataFolder)
        guard let hospital = try? folder.runningHospital() else {
            return try await RestingCheck(folder, clinic).report()
        }
        let token = try token.given() ?? folder.token(subject: "hms-check", role: .admin, lifetime: .seconds(600))
        return try await RunningCheck(hospital, token: token, credentials: try data.credentials(), clinic).report()
    }

    private func configuration() throws -> HospitalConfiguration {
        try data.configuration(clinicTimezone.map { [Settings.timeZone.flag, $0] } ?? [])
    }
}
