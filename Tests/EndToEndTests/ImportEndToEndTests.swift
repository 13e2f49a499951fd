import Foundation
import HMSTestKit
import ProcessDriving
import ServiceKit
import Supervision
import Testing

/// What another system knows, brought in by `hms import`.
@Suite(.timeLimit(.minutes(10))) struct ImportEndToEndTests {
    @Test func `a past of people, visits, prescriptions, allergies, bills and payments comes in whole, and twice without a double`()
        async throws
    {
        try await Source.open { source in
            for times in 1...2 {
                for file in Self.past {
                    let (status, said) = try await source.bring(file.kind, file.text, file.options)
                    let (created, there) = times == 1 ? (file.rows, 0) : (0, file.rows)
                    #expect(
                        said.hasSuffix("\(file.rows) read, \(created) created, 0 updated, \(there) already there, 0 refused\n"),
                        "\(file.kind) \(times): \(said)")
                    #expect(status == 0)
                }
            }
        }
    }

    @Test func `what can't be taken is told by reason, and comes in when it is mended`() async throws {
        try await Source.open { source in
            try await source.bringPeople()
            let visits = """
                Id,PATIENT,PROVIDER,START
                v-1,p-1,d-1,2023-01-27T04:30:00Z
                v-2,p-9,d-1,2023-01-27T05:00:00Z
                v-3,p-8,d-1,2023-01-27T05:00:00Z

                """
            let (status, said) = try await source.bring("appointments", visits, Self.visitOptions)
            #expect(status == 3)
            #expect(said.contains("  2 × patient_id: no patient of the source default has the id “…” (as in line 3)"), "\(said)")
            let refused = try source.folder.read("appointments-rejects.csv")
            #expect(refused.hasPrefix("Id,PATIENT,PROVIDER,START,line,reason\nv-"), "\(refused)")
            let mended = refused.replacing("p-9", with: "p-1").replacing("p-8", with: "p-1")
            let (again, nowSaid) = try await source.bring("appointments-rejects", kind: "appointments", mended, Self.visitOptions)
            #expect(again == 0, "\(nowSaid)")
            let (nobody, _) = try await source.bring("others", kind: "allergies", "patient_id,allergy\np-7,Latex\n", [])
            #expect(nobody == 4)
        }
    }

    @Test func `an id that means somebody else is refused until the source is named, and a dry run stores nothing`() async throws {
        try await Source.open { source in
            try await source.bringPeople()
            let other = "id,name,dob\np-1,Eve Moor,1970-02-03\n"
            let (refused, said) = try await source.bring("patients", other, [])
            #expect(refused == 4 && said.contains("SOURCE_ID_TAKEN") && said.contains("--source"), "\(said)")
            let (_, would) = try await source.bring("patients", other, ["--source", "elsewhere", "--dry-run"])
            #expect(would.hasSuffix("1 read, 1 would be created, 0 would be updated, 0 already there, 0 would be refused\n"), "\(would)")
            let (taken, created) = try await source.bring("patients", other, ["--source", "elsewhere"])
            #expect(taken == 0 && created.hasSuffix("1 read, 1 created, 0 updated, 0 already there, 0 refused\n"), "\(created)")
            let corrected = other.replacing("name,dob", with: "name,dob,email").replacing("03\n", with: "03,eve@x.example\n")
            let (_, updated) = try await source.bring("patients", corrected, ["--source", "elsewhere", "--update"])
            #expect(updated.hasSuffix("1 read, 0 created, 1 updated, 0 already there, 0 refused\n"), "\(updated)")
        }
    }

    @Test func `a file of another land comes by standard input, with its letters, separators, dates, words and amounts`() async throws {
        try await Source.open { source in
            let german = ["--encoding", "windows-1252"]
            let doctors = "id;name;department;consultation_fee\n7;Jürgen Groß;Chirurgie;1.250,00\n"
            let (unasked, _) = try await source.bringByInput("doctors", doctors, german)
            #expect(unasked == EXIT_FAILURE)
            let (taken, said) = try await source.bringByInput("doctors", doctors, german + ["--unit", "major", "--decimal-separator", ","])
            #expect(taken == 0 && said.hasSuffix("1 read, 1 created, 0 updated, 0 already there, 0 refused\n"), "\(said)")
            let people = "id;name;dob\n1;Änne Weiß;31.12.1950\n2;Götz Weiß;31.02.1950\n"
            let (some, told) = try await source.bringByInput("patients", people, german)
            #expect(some == 3 && told.contains("dd.MM.yyyy") && told.contains(";"), "\(told)")
            let refused = try Data(contentsOf: source.folder.url.appending(path: "patients-rejects.csv"))
            let rows = String(data: refused, encoding: .windowsCP1252) ?? ""
            #expect(rows.hasPrefix("id;name;dob;line;reason\n2;Götz Weiß;31.02.1950;3;\"dob: "), "\(rows)")
            let visits = "id;patient_id;doctor_id;slot_start;status\n1;1;7;24.12.2019 15:10;erledigt\n"
            let (seen, _) = try await source.bringByInput(
                "appointments", visits, german + ["--timezone", "Europe/Berlin", "--value", "status:Erledigt=COMPLETED"])
            #expect(seen == 0)
            let list = ["call", "--data", source.data]
            let shown = try await CommandRun(Clinic.executable, list + ["hms.appointment.v1.AppointmentService/ListAppointments"]).output
            #expect(shown.contains("2019-12-24T14:10:00Z") && shown.contains("COMPLETED"), "\(shown)")
            let fees = try await CommandRun(Clinic.executable, list + ["hms.doctor.v1.DoctorService/ListDoctors"]).output
            #expect(fees.contains("125000") && fees.contains("Jürgen Groß"), "\(fees)")
        }
    }

    private struct PastFile {
        let kind: String
        let rows: Int
        let text: String
        var options: [String] = []
    }

    private static let visitOptions = [
        "--map", "patient_id=PATIENT", "--map", "doctor_id=PROVIDER", "--map", "slot_start=START", "--default", "status=COMPLETED",
    ]

    /// An odd minute at night, a visit of three days over another one, one that never took place, one that was to come.
    private static let past = [
        PastFile(
            kind: "patients", rows: 2, text: "Id,FIRST,LAST,BIRTHDATE\np-1,Ada,Byron,1990-12-10\np-2,Bob,Moor,1980-01-31\n",
            options: ["--map", "name=FIRST+LAST", "--map", "dob=BIRTHDATE"]),
        PastFile(
            kind: "doctors", rows: 1, text: "Id,NAME,SPECIALITY\nd-1,Meera Rao,CARDIOLOGY\n", options: ["--map", "department=SPECIALITY"]),
        PastFile(
            kind: "appointments", rows: 5,
            text: """
                Id,PATIENT,PROVIDER,START,STOP,status
                v-1,p-1,d-1,2023-01-27T04:30:00Z,2023-01-27T04:45:00Z,
                v-2,p-1,d-1,2023-01-27T18:31:07Z,2023-01-30T18:31:07Z,
                v-3,p-2,d-1,2023-01-27T18:31:07Z,2023-01-27T19:31:07Z,
                v-4,p-2,d-1,2023-01-28T04:30:00Z,,CANCELLED
                v-5,p-2,d-1,2023-01-29T04:30:00Z,,SCHEDULED

                """,
            options: visitOptions + ["--map", "slot_end=STOP", "--past-scheduled", "NO_SHOW"]),
        PastFile(
            kind: "prescriptions", rows: 2, text: "ENCOUNTER,DESCRIPTION\nv-3,Loratadine 5 MG\nv-2,Loratadine 5 MG\n",
            options: [
                "--map", "appointment_id=ENCOUNTER", "--map", "medication=DESCRIPTION", "--default", "dosage=as told", "--default",
                "days=30",
            ]),
        PastFile(kind: "allergies", rows: 2, text: "patient_id,allergy\np-1,Latex\np-1,Penicillin\n"),
        PastFile(
            kind: "bills", rows: 2,
            text: """
                id,patient_id,appointment_id,subtotal,status,billed_at
                b-1,p-1,v-1,50000,OPEN,2023-01-27T05:00:00Z
                b-2,p-2,,10000,OPEN,2023-01-28T05:00:00Z

                """, options: minorUnits),
        PastFile(
            kind: "payments", rows: 1, text: "id,bill_id,amount,method,paid_at\nm-1,b-1,52500,CASH,2023-02-01T05:00:00Z\n",
            options: minorUnits),
    ]

    private static let minorUnits = ["--unit", "minor"]
}

/// Where files come from, and the hospital that they go to.
private struct Source {
    let folder: TemporaryFolder
    let data: String

    /// Lends one with a hospital, in which everything is as it must be afterwards.
    static func open(_ body: (Source) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let hospital = try await HospitalProcess.start(Clinic.executable, in: folder)
        try await body(Source(folder: folder, data: hospital.data.path))
        let check = try await CommandRun(Clinic.executable, ["check", "--data", hospital.data.path])
        #expect(check.status == 0, "\(check.output)")
        #expect(try await hospital.stop() == 0)
    }

    func bringPeople() async throws {
        let (patients, _) = try await bring("patients", "Id,name,dob\np-1,Ada Byron,1990-12-10\n", [])
        let (doctors, _) = try await bring("doctors", "Id,name,department\nd-1,Meera Rao,Cardiology\n", [])
        #expect(patients == 0 && doctors == 0)
    }

    /// The status of the command, and what it says.
    func bring(_ name: String, kind: String? = nil, _ text: String, _ options: [String]) async throws -> (status: Int32, said: String) {
        let file = try folder.write(text, to: "\(name).csv")
        return try await run("exec \"$@\"", kind ?? name, file, options)
    }

    /// The same of a file in windows-1252 that comes by standard input.
    func bringByInput(_ kind: String, _ text: String, _ options: [String]) async throws -> (status: Int32, said: String) {
        try text.data(using: .windowsCP1252)?.write(to: folder.url.appending(path: "input"))
        return try await run("exec \"$@\" < input", kind, "-", options)
    }

    /// In the folder, where refused rows go.
    private func run(_ script: String, _ kind: String, _ file: String, _ options: [String]) async throws -> (status: Int32, said: String) {
        let run = try await CommandRun(
            "/bin/sh", ["-c", "cd \"$0\" && \(script)", folder.path, Clinic.executable, "import", kind, file, "--data", data] + options)
        return (run.status, run.output)
    }
}
