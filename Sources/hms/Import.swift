import ArgumentParser
import AsyncHTTPClient
import Foundation
import HospitalClient
import Import
import ServiceKit
import Supervision
import UnixSignals
import Vocabulary

/// `hms import`
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Brings people, visits, prescriptions, bills and payments of another system into the hospital, from a CSV file.",
        discussion: """
            The first row names the columns. A column that is named like a field, in any case, fills it; --map names others, and \
            joins several by a space; --default fills it in rows that say nothing.

            FIELDS
              patients       name, email, phone, dob, allergies (several in one cell)
              doctors        name, email, phone, department, specialization, consultation_fee; where only one of department and \
            specialization has a column, it fills both
              allergies      patient_id, allergy: one a row
              appointments   patient_id, doctor_id, department, slot_start, slot_end, status, cancel_reason
              prescriptions  appointment_id, medication, dosage, days, issued_at, override_reason, patient_id, doctor_id
              bills          patient_id, appointment_id, kind, description, subtotal, tax, status, billed_at, paid_at, void_reason
              payments       bill_id, amount, method, reference, paid_at

            HOW IT IS WRITTEN
            The separator, the encoding and the common forms of dates are found out by looking at the whole file, and said; what \
            leaves a doubt, as 03/04/2020 in every row, is asked for. Times without an offset are the clinic's, unless --timezone. \
            Words for states, kinds and methods are taken in any case, and --value says what others mean. Amounts of money want \
            --unit, always.

            WHO IS WHO
            The column “id” holds what the source calls the record. The hospital remembers it, for --source: patient_id, doctor_id, \
            appointment_id and bill_id of later files hold ids of the same source, or ours. An id means one record for ever: a file \
            in which it is somebody else is of another system, and needs another --source. Two people are never made one in \
            silence: with the same name and date of birth, the source's id, the e-mail or the phone decides; who may be a \
            duplicate is listed, and refused where nothing decides, unless --allow-duplicates. --update changes what is there \
            where the file says something else; without it, what is there stays.

            THE PAST
            Visits of the past are facts, of any length and hour, and bring no bill and no message. One that says it is still to \
            come becomes what --past-scheduled says. Visits in the future are bookings and keep every rule.

            WHAT COMES OF IT
            A row that can't be taken goes to the file of refused rows as it stands, with its line and the reason behind it, and \
            the rest goes on; mended, that file can be imported. A file that is there already is never written to. What is there is \
            not made twice, so that any file can be imported again, and after an end before its time (Ctrl-C, a hospital that went \
            away) the same command goes on. Refusals are shown by reason, and the last line counts the rows.

            The status is 0 when every row is in, 3 when some were refused, 4 when all were, 130 after Ctrl-C, and another one when \
            the import could not run to its end.

            EXAMPLES
              hms import patients patients.csv --dry-run
              hms import patients patients.csv --map name=FIRST+LAST --map dob=BIRTHDATE --rejects refused.csv
              hms import doctors providers.csv --map name=NAME --map department=SPECIALITY --source old-clinic
              hms import appointments encounters.csv --map patient_id=PATIENT --map doctor_id=PROVIDER --map slot_start=START \
            --map slot_end=STOP --default status=COMPLETED --source old-clinic
              hms import patients kunden.csv --encoding windows-1252 --date-format dob=dd.MM.yyyy
              hms import appointments besuche.csv --source klinik --timezone Europe/Berlin --value status:erledigt=COMPLETED \
            --past-scheduled NO_SHOW
              hms import bills invoices.csv --source old-clinic --map billed_at=DATE --map subtotal=TOTAL --unit major
              unzip -p export.zip payments.csv | hms import payments - --source old-clinic --unit minor
              HMS_TOKEN=… hms import patients patients.csv --url https://hms.example.org
            """)

    @Argument(help: "patients, doctors, allergies, appointments, prescriptions, bills or payments")
    var kind: ImportKind

    @Argument(help: "The CSV file; “-” is standard input.")
    var file: String

    @OptionGroup var reading: ImportReading

    @OptionGroup var wishes: ImportWishes

    @Option(
        help: ArgumentHelp(
            "Where refused rows go, a file that is not there yet (default: FILE's name with -rejects, in the working folder).",
            valueName: "file"))
    var rejects: String?

    @OptionGroup var data: DataOption

    @Option(help: "The hospital's public API, instead of the one of the data folder.")
    var url: String?

    @OptionGroup var token: TokenOption

    func validate() throws {
        if wishes.update, !kind.canUpdate { throw ValidationError("--update: \(kind.rawValue) can't be changed by an import.") }
        if wishes.allowDuplicates, !kind.canBeDuplicates { throw ValidationError("--allow-duplicates is for patients and doctors.") }
    }

    func run() async throws {
        let source = try ImportFile(path: file, encoding: reading.encoding, delimiter: reading.delimiter)
        let plan = try ReadingPlan(kind, of: source, options: reading.options)
        let access = try HospitalAccess(folder: try data.folder(), url: url, token: try token.given(), role: .admin)
        let rejectsFile = try RejectsFile(rejects.map(RejectsPlace.named) ?? .beside(file == "-" ? "\(kind).csv" : file), of: source)
        let stop = await Self.stopOnSignals()
        let progress = ProgressLine()
        do {
            let summary = try await HTTPClient.withHospitalClient(for: access.url) { [kind, wishes] http in
                let client = HospitalClient(url: access.url, token: access.token, http: http)
                let sender = PersistentSender(client: client, stop: stop)
                let reader = try plan.reader(of: source, clinic: try await ClinicFacts(askedOf: sender), today: Self.today)
                for note in reader.notes { Output.print(note) }
                var run = ImportRun(
                    kind: kind, rows: try source.rows(), reader: reader, options: wishes.options, sender: sender, rejects: rejectsFile,
                    stop: stop
                ) { progress.show($0) }
                return try await run.run()
            }
            progress.clear()
            try tell(summary, rejectsFile)
            if summary.counts.exitStatus != 0 { throw ExitCode(summary.counts.exitStatus) }
        } catch let stopped as ImportStopped {
            progress.clear()
            try tell(stopped.summary, rejectsFile)
            Output.remark("Error: \(stopped)")
            throw ExitCode(stopped.isInterruption ? 128 + SIGINT : EXIT_FAILURE)
        }
    }

    /// Near enough to tell the century of a year of two digits.
    private static var today: LocalDate { LocalDate(daysSinceEpoch: Int64(Date().timeIntervalSince1970) / 86_400) }

    private func tell(_ summary: ImportSummary, _ rejectsFile: RejectsFile) throws {
        try rejectsFile.close()
        if rejectsFile.count > 0 { Output.print("refused rows: \(rejectsFile.path)") }
        Output.print("\(summary)")
    }

    /// The first Ctrl-C lets the rows that are under way end, a second one ends at once.
    private static func stopOnSignals() async -> StopRequest {
        let stop = StopRequest()
        let signals = await UnixSignalsSequence(trapping: StopSignals.all)
        Task {
            for await _ in signals {
                if stop.isRequested { HMS.exit(withError: ExitCode(128 + SIGINT)) }
                stop.request()
            }
        }
        return stop
    }
}

/// What is asked for beside the file.
struct ImportWishes: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The system that the file comes from: the ids in it are that system's. 1 to 64 of A-Z a-z 0-9 . _ -", valueName: "name"))
    var source = "default"

    @Flag(help: "Checks everything, stores nothing, and says what would be. Records that a file refers to must be there.")
    var dryRun = false

    @Flag(help: "Changes patients, doctors and visits of the past that are there, where the file says something else.")
    var update = false

    @Flag(help: "Creates people although somebody like them is there and nothing tells the two apart.")
    var allowDuplicates = false

    @Option(help: "What becomes of a visit of the past that says it is still to come: NO_SHOW, COMPLETED or refused.")
    var pastScheduled = ImportOptions.PastScheduled.refused

    var options: ImportOptions {
        ImportOptions(
            source: source, isDryRun: dryRun, updates: update, allowsDuplicates: allowDuplicates, pastScheduled: pastScheduled)
    }

    func validate() throws {
        guard ImportOptions.isSource(source) else { throw ValidationError("--source must be 1 to 64 of A-Z a-z 0-9 . _ -") }
    }
}

extension ImportKind: ExpressibleByArgument {}

extension ImportOptions.PastScheduled: ExpressibleByArgument {
    /// In any case.
    public init?(argument: String) {
        guard let found = Self.allCases.first(where: { $0.rawValue.lowercased() == argument.lowercased() }) else { return nil }
        self = found
    }
}
