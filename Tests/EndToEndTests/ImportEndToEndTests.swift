import Foundation
import HMSTestKit
import HospitalCommand
import ServiceKit
import Testing

/// History from another system, brought in by `hms import`.
@Suite(.timeLimit(.minutes(10))) struct ImportEndToEndTests {
    @Test(.timeLimit(.minutes(10)))
    func `people, visits and prescriptions come with the ids of their source, and what breaks rules is told with every reason`()
        async throws
    {
        let folder = try TemporaryFolder()
        let hospital = try await HospitalProcess.start(Clinic.executable, in: folder)
        let source = Source(folder: folder, data: hospital.data.path)
        #expect(
            try await source.bring(
                "patients", "Id,FIRST,LAST,BIRTHDATE\np-1,Ada,Byron,1990-12-10\n", "--map", "name=FIRST+LAST", "--map", "dob=BIRTHDATE")
                == "1 read, 1 created, 0 already there, 0 refused")
        #expect(
            try await source.bring("doctors", "Id,NAME,SPECIALITY\nd-1,Meera Rao,CARDIOLOGY\n", "--map", "department=SPECIALITY")
                == "1 read, 1 created, 0 already there, 0 refused")
        // 10:00 in Kolkata; a minute past the grid at night; the first one's slot; nobody.
        let visits = """
            Id,PATIENT,PROVIDER,START
            v-1,p-1,d-1,2023-01-27T04:30:00Z
            v-2,p-1,d-1,2023-01-27T18:31:00Z
            v-3,p-1,d-1,2023-01-27T04:30:00Z
            v-4,p-9,d-1,2023-01-27T05:00:00Z

            """
        let map = [
            "--map", "patient_id=PATIENT", "--map", "doctor_id=PROVIDER", "--map", "slot_start=START", "--default", "status=COMPLETED",
        ]
        #expect(try await source.bring("appointments", visits, map) == "4 read, 1 created, 1 already there, 2 refused")
        let refused = try folder.read("appointments-rejects.csv")
        for reason in ["INVALID_SLOT: ", "full or the half hour", "from 09:00 to 18:00", "none of the imported patients is “p-9”"] {
            #expect(refused.contains(reason), "\(refused)")
        }
        let medications = "ENCOUNTER,DESCRIPTION\nv-3,Loratadine 5 MG\nv-2,Loratadine 5 MG\n"
        let defaults = [
            "--map", "appointment_id=ENCOUNTER", "--map", "medication=DESCRIPTION", "--default", "dosage=as told", "--default", "days=30",
        ]
        #expect(try await source.bring("prescriptions", medications, defaults) == "2 read, 1 created, 0 already there, 1 refused")
        #expect(try await source.bring("prescriptions", medications, defaults) == "2 read, 0 created, 1 already there, 1 refused")
        let check = try await CommandRun(Clinic.executable, ["check", "--data", hospital.data.path])
        #expect(check.status == 0, "\(check.output)")
        #expect(try await hospital.stop() == 0)
    }

    /// Where files come from, and the hospital that they go to.
    private struct Source {
        let folder: TemporaryFolder
        let data: String

        func bring(_ kind: String, _ text: String, _ options: String...) async throws -> String {
            try await bring(kind, text, options)
        }

        /// The last line that the command says.
        func bring(_ kind: String, _ text: String, _ options: [String]) async throws -> String {
            let file = try folder.write(text, to: "\(kind).csv")
            let rejects = folder.path + "/\(kind)-rejects.csv"
            let run = try await CommandRun(
                Clinic.executable, ["import", kind, file, "--data", data, "--rejects", rejects] + options)
            #expect(run.status == 0)
            return run.output.split(separator: "\n").last.map(String.init) ?? ""
        }
    }
}
