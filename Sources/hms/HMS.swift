import ArgumentParser
import Contracts
import ServiceKit

/// The command of the hospital.
@main
struct HMS: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hms",
        abstract: "Runs a hospital, and talks to a running one.",
        discussion: """
            A hospital lives in a data folder (--data, ./var by default): its databases, keys and addresses. “hms up” runs it; \
            every other command finds it there, or where --url or --address and --token say.

            EXAMPLES
              hms up --demo
              hms token --role reception
              hms import patients patients.csv --map name=FIRST+LAST --map dob=BIRTHDATE
              hms export appointments --out appointments.ndjson
              hms check
              hms audit verify
              hms metrics
              hms call hms.patient.v1.PatientService/ListPatients '{"query": "ada"}'
            """,
        version: Contracts.version,
        subcommands: [
            Up.self, Serve.self, Token.self, User.self, Keys.self, Revoke.self, Call.self, Import.self, Export.self, ExportPatient.self,
            Forget.self,
            Check.self,
            Copy.self, Backup.self, Restore.self, DoctorCommand.self, Migrate.self, Events.self, Audit.self, MetricsCommand.self,
            Log.self, Logs.self, Health.self, Issue.self,
        ])

    /// Everything a person can cause ends in a sentence and a status, never in a trace.
    static func main() async {
        StopSignals.leaveErrorsToTheirCalls()
        Lifeline.watch()
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let error as ConfigurationError {
            Output.remark("\(error)")
            exit(withError: ExitCode.validationFailure)
        } catch {
            end(with: error)
        }
    }

    /// In one write, so that the lines of other processes that write to the same place don't come in between.
    private static func end(with error: any Error) -> Never {
        let message = fullMessage(for: error)
        let code = exitCode(for: error)
        if !message.isEmpty { code.isSuccess ? Output.print(message) : Output.remark(message) }
        exit(withError: code)
    }
}
