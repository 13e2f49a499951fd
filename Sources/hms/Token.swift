import ArgumentParser
import ServiceKit
import Supervision

/// `hms token`
struct Token: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints a token for the public API, signed with the hospital's own key.",
        discussion: """
            Only the token goes to standard output.

            EXAMPLES
              hms token --role reception
              hms token --data /srv/clinic --role doctor --subject doc_01hv… --ttl 30m
              curl -H "Authorization: Bearer $(hms token --role admin)" http://127.0.0.1:8080/v1/doctors
            """)

    @OptionGroup var data: DataOption

    @Option(help: "What the bearer may do: reception, doctor, billing or admin.")
    var role: String

    @Option(help: ArgumentHelp("Who the bearer is; of a doctor his doctor_id.", valueName: "sub"))
    var subject: String?

    @Option(help: ArgumentHelp("How long it is good for: 90s, 30m, 8h, 7d.", valueName: "time"))
    var ttl = "8h"

    func validate() throws {
        guard CallerRole.person(role) != nil else {
            throw ValidationError("--role must be reception, doctor, billing or admin.")
        }
        guard role != "doctor" || subject != nil else {
            throw ValidationError("--role doctor needs --subject DOCTOR_ID: a doctor's token names the doctor.")
        }
        guard subject.map({ (1...255).contains($0.utf8.count) }) != false else {
            throw ValidationError("--subject must have 1 to 255 bytes.")
        }
        guard TimeToLive(ttl) != nil else { throw ValidationError("--ttl must be a number and s, m, h or d, at most 365d.") }
    }

    func run() async throws {
        guard let role = CallerRole.person(role), let ttl = TimeToLive(ttl) else { return }
        try Output.deliver(data.folder().token(subject: subject ?? role.rawValue, role: role, lifetime: ttl.duration))
    }
}
