import ArgumentParser
import AsyncHTTPClient
import HospitalClient
import PlainText
import ServiceKit
import Supervision

/// `hms forget`
struct Forget: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Erases who a patient was, in every service. It can't be undone.",
        discussion: """
            His name, addresses, date of birth and allergies go, what other systems call him, all that was written about him (reasons, \
            notes, what OTHER bills are for) and all that he was told. What law obliges to keep stays under his id, which names nobody: \
            visits, bills, payments, prescriptions, and who has read or changed any of it. It is refused while he has active \
            appointments or OPEN bills.

            Every service hears of it by an event, within moments or when it is back, and then writes its database anew, so that \
            no file keeps him: bookings wait meanwhile, a second or so for each 100 MB. “hms check” says whether anything is left.

            Backups of before still hold him, until they go. “hms restore” forgets again whom a list of forgotten.txt names: \
            “hms backup” keeps one beside its archives. Letters that were sent, and what a webhook has taken, are out of reach.

            EXAMPLES
              hms forget pat_01hv… --reason "Asked in writing on 2 March"
            """)

    @Argument(help: ArgumentHelp("The patient's id.", valueName: "patient"))
    var patient: String

    @Option(help: ArgumentHelp("Why, for the audit, without naming anybody.", valueName: "text"))
    var reason: String

    @OptionGroup var data: DataOption

    @OptionGroup var token: TokenOption

    func run() async throws {
        let folder = try data.folder()
        let hospital = try folder.runningHospital()
        let token = try token.given() ?? folder.token(subject: "hms-forget", role: .admin, lifetime: .seconds(600))
        let url = try HospitalURL(hospital.url)
        let request = APIRequest(
            .post, "/v1/patients/\(patient)/forget", body: .object([JSONMember("reason", .string(reason))]))
        let reply = try await HTTPClient.withHospitalClient(for: url) { http in
            try await HospitalClient(url: url, token: token, http: http).send(request)
        }
        guard reply.isSuccess else { throw ValidationError("\(patient) was not forgotten: \(reply.reason)") }
        Output.print("\(patient) is forgotten here. The other services follow within moments; “hms check” says when nothing is left.")
        Output.remark("Backups of before still hold him: “hms restore” forgets him again by the list that the next “hms backup” makes.")
    }
}
