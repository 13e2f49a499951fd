import Archive
import ArgumentParser
import AsyncHTTPClient
import Foundation
import HospitalClient
import PlainText
import ServiceKit
import Storage
import Supervision

/// `hms export-patient`
struct ExportPatient: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export-patient",
        abstract: "Writes all that the hospital keeps of one patient, for him: one JSON document.",
        discussion: """
            It holds his record, his appointments with every step, bills, payments with their refunds, prescriptions, what he was \
            told, and who has read or changed any of it as far as HMS_AUDIT_SCOPE keeps that. Rows are those of the public API. Only \
            an administrator may, and that he did is kept like every other reading. It is done on the hospital that runs on --data.

            EXAMPLES
              hms export-patient pat_01hv… --out asha-rao.json
            """)

    @Argument(help: ArgumentHelp("The patient's id.", valueName: "patient"))
    var patient: String

    @Option(
        help: ArgumentHelp("A file that is not there yet, for its owner's eyes only; standard output where not given.", valueName: "file"))
    var out: String?

    @OptionGroup var data: DataOption

    @OptionGroup var token: TokenOption

    func run() async throws {
        let folder = try data.folder()
        let hospital = try folder.runningHospital()
        let token = try token.given() ?? folder.token(subject: "hms-export-patient", role: .admin, lifetime: .seconds(3600))
        let url = try HospitalURL(hospital.url)
        var members = try await HTTPClient.withHospitalClient(for: url) { [patient] http in
            try await PatientDossier(patient, of: HospitalClient(url: url, token: token, http: http)).members()
        }
        // Last, so that this reading is in it.
        members.append(JSONMember("audit", .array(try await audit())))
        try write(JSONValue.object(members).pretty + "\n")
    }

    private func audit() async throws -> [JSONValue] {
        try await HospitalDatabases(data, token).read { [patient] databases in
            var entries: [JSONValue] = []
            for service in HospitalServices.names {
                try databases.read { reader in
                    try reader.forEachAuditEntry(of: service) { number, entry in
                        guard entry.patients.contains(patient) else { return true }
                        entries.append(try JSONValue(parsing: AuditLine(entry, number, service).json()))
                        return true
                    }
                }
            }
            return entries
        }
    }

    private func write(_ text: String) throws {
        guard let out else { return try Output.deliver(text) }
        let descriptor = open(out, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ValidationError("--out: can't write \(out): \(String(cString: strerror(errno)))") }
        do {
            try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).write(contentsOf: Data(text.utf8))
        } catch {
            // Nobody takes a part for the whole.
            unlink(out)
            throw ArchiveError.system(act: "write", path: out, reason: error.localizedDescription)
        }
    }
}
