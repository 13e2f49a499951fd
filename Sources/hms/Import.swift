import ArgumentParser
import AsyncHTTPClient
import Foundation
import HospitalCommand
import ServiceKit

/// `hms import`
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Brings patients, doctors, appointments or prescriptions from a CSV file into the hospital.",
        discussion: """
            The first row names the columns. A column that is named like a field, in any case, fills it; --map names others, and \
            joins several by a space; --default fills it in rows that say nothing.

            FIELDS
              patients       name, email, phone, dob (YYYY-MM-DD), allergies (separated by “;”)
              doctors        name, email, phone, department, specialization, consultation_fee (in minor units); where only one \
            of department and specialization has a column, it fills both
              appointments   patient_id, doctor_id, department, slot_start, slot_end, status, cancel_reason
              prescriptions  appointment_id, medication, dosage, days, issued_at, override_reason, patient_id, doctor_id

            Every kind has a field “id” too: what the source calls the record. It is kept beside our id in the data folder \
            (import/patients.csv and so on), and a later import finds by it whom its rows mean: patient_id, doctor_id and \
            appointment_id hold ids of the source or ours.

            Appointments of the past need no lead time and bring no bill, no fee and no message; every other rule of a booking \
            holds. Rows that can't be taken are written to the rejects file with their line and every reason, and the rest goes \
            on; blank lines are passed over. The file can be imported again at any time: what is there already is not made \
            twice. Patients are the same by name and date of birth, doctors by name, department and specialization, \
            appointments by patient, doctor and slot, prescriptions by all they say.

            The last line counts the rows. The status is 0 when the file was read to its end, even if rows were refused, and not \
            0 when the import could not run or the hospital went away.

            EXAMPLES
              hms import patients patients.csv
              hms import patients patients.csv --map name=FIRST+LAST --map dob=BIRTHDATE --rejects refused.csv
              hms import doctors providers.csv --map name=NAME --map department=SPECIALITY
              hms import appointments encounters.csv --map patient_id=PATIENT --map doctor_id=PROVIDER --map slot_start=START \
            --map slot_end=STOP --default status=COMPLETED
              HMS_TOKEN=… hms import patients patients.csv --url https://hms.example.org
            """)

    @Argument(help: "patients, doctors, appointments or prescriptions")
    var kind: ImportKind

    @Argument(help: "The CSV file: UTF-8, commas, quotes as in RFC 4180.")
    var file: String

    @Option(help: ArgumentHelp("Which column fills a field.", valueName: "field=COLUMN[+COLUMN…]"))
    var map: [String] = []

    @Option(
        name: .customLong("default"),
        help: ArgumentHelp("What a field holds in rows that say nothing.", valueName: "field=value"))
    var defaults: [String] = []

    @Option(help: ArgumentHelp("Where refused rows go (default: FILE's name with -rejects, in the working folder).", valueName: "file"))
    var rejects: String?

    @OptionGroup var data: DataOption

    @Option(help: "The hospital's public API, instead of the one of the data folder.")
    var url: String?

    @OptionGroup var token: TokenOption

    func run() async throws {
        var rows = try CSVReader(path: file)
        let header = try readHeader(&rows)
        let columns = try ColumnMap(map, defaults: defaults, kind: kind, header: header)
        let folder = try await data.folder()
        let access = try await HospitalAccess(folder: folder, url: url, token: try token.given(), role: kind.role)
        let rejectsFile = try openRejects(header)
        let ids = try ImportedIDs(folder)
        let progress = ProgressLine()
        let counts = try await HTTPClient.withHospitalClient { [kind, rows] http in
            let sender = PersistentSender(client: HospitalClient(url: access.url, token: access.token, http: http))
            var run = ImportRun(kind: kind, rows: rows, map: columns, sender: sender, rejects: rejectsFile, ids: ids) {
                progress.show($0)
            }
            do {
                let counts = try await run.run()
                try ids.close()
                return counts
            } catch {
                // What was imported before an import stopped is known to the next one.
                try ids.close()
                throw error
            }
        }
        progress.clear()
        try rejectsFile.close()
        try tellOfRejects(rejectsFile)
        Output.print("\(counts)")
    }

    private func readHeader(_ rows: inout CSVReader) throws -> [String] {
        guard let header = try rows.readHeader() else { throw ValidationError("\(file) is empty: its first row must name the columns.") }
        if let problem = header.problem { throw ValidationError("\(file), line \(header.line): \(problem).") }
        return header.fields
    }

    private func openRejects(_ header: [String]) throws -> RejectsFile {
        let path = rejects ?? URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent + "-rejects.csv"
        guard !RejectsFile.isSameFile(path, file) else {
            throw ValidationError("The refused rows would overwrite \(file): name another file with --rejects.")
        }
        return try RejectsFile(path: path, header: header)
    }

    /// A file that nobody asked for and that holds nothing is not left behind.
    private func tellOfRejects(_ file: RejectsFile) throws {
        if file.count > 0 { Output.remark("refused rows: \(file.path)") }
        if file.count == 0, rejects == nil { try FileManager.default.removeItem(atPath: file.path) }
    }
}

extension ImportKind: ExpressibleByArgument {}
