import Contracts
import HMSTestKit
import PatientService
import RPC
import ServiceKit
import Storage
import Testing
import Vocabulary

/// Databases whose texts were made comparable otherwise.
@Suite(.enabled(if: TestHospital.isOnSQLite, "there are no databases of before on PostgreSQL"), .timeLimit(.minutes(10)))
struct OldDatabaseTests {
    private static let names = ["Rita D’Souza", "Mary-Jane Rao", "Pri\u{200B}ya Shah", "Plain Name"]

    @Test func `patients of before are found as those of today`() async throws {
        let hospital = try TestHospital()
        try await fillOldDatabase(of: hospital, count: 150)
        for _ in 0..<2 {
            try await withPatients(of: hospital) { hospital in
                let queries = [
                    ("d'souza", 0), ("d’souza", 0), ("mary jane", 1), ("jane-mary", 1), ("priya", 2), ("pri\u{200B}ya", 2), ("plain", 3),
                ]
                for (query, number) in queries {
                    let found = try await hospital.patients.listPatients(ListPatientsRequest(query: query, pageSize: 500)).patients
                    #expect(found.map(\.patientID) == (0..<150).reversed().filter { $0 % 4 == number }.map { "pat_\($0)" }, "\(query)")
                }
                let byPhone = try await hospital.patients.listPatients(ListPatientsRequest(phone: "098450 10007")).patients
                #expect(byPhone.map(\.patientID) == ["pat_7"])
                await expectRefusal(.failedPrecondition, "POSSIBLE_DUPLICATE") {
                    _ = try await hospital.register("Priya Shah", dob: "1980-02-29")
                }
                try await hospital.service.resources.database.check()
            }
        }
    }

    @Test func `another country makes the numbers anew`() async throws {
        let hospital = try TestHospital()
        try await withPatients(of: hospital) { hospital in
            _ = try await hospital.register("Asha Rao", dob: "1980-02-29", phone: "020 7946 0018")
            #expect(try await hospital.patients.listPatients(ListPatientsRequest(phone: "+91 20 7946 0018")).patients.count == 1)
        }
        let moved = try TestHospital { configuration in
            configuration.dataFolder = hospital.configuration.dataFolder
            configuration.identity = hospital.configuration.identity
            configuration.clinic.phoneRegion = PhoneRegion("GB") ?? .india
        }
        let service = try await moved.open(.patient)
        let kept = try await service.resources.database.read { try $0.row("SELECT phone_reversed FROM patients") { $0.text(0) } }
        #expect(kept == "810064970244")
        await service.close()
    }

    /// As the first version kept them: in small letters, and everything else as it was.
    private func fillOldDatabase(of hospital: TestHospital, count: Int) async throws {
        let path = "\(hospital.configuration.dataFolder)/patient/patient.sqlite"
        let migrations = Array(ServiceDefinition.patient.schema.sqlite.prefix(1))
        let old = try await Database.open(.sqlite(path: path), schema: Schema(migrations), logger: hospital.log.logger())
        try await old.write { transaction in
            for number in 0..<count {
                let name = Self.names[number % 4]
                try transaction.execute(
                    """
                    INSERT INTO patients (patient_id, name, name_folded, phone, phone_digits, dob, allergies, status, created_at, version)
                    VALUES (?, ?, ?, ?, ?, '1980-02-29', '', 'ACTIVE', 0, 1)
                    """,
                    [
                        .text("pat_\(number)"), .text(name), .text(name.lowercased()), .text("98450 \(10_000 + number)"),
                        .text("98450\(10_000 + number)"),
                    ])
                // The first 128 are in the index, in two batches of 64.
                guard number < 128 else { continue }
                try transaction.execute(
                    "INSERT INTO name_grams (rowid, grams) VALUES (?, ?)",
                    [SQLValue(number + 1), .text(Self.grams(of: name.lowercased()).joined(separator: " "))])
            }
        }
        await old.close()
    }

    private static func grams(of folded: String) -> Set<String> {
        let scalars = folded.unicodeScalars.map { scalar in
            guard scalar.isASCII, !scalar.properties.isAlphabetic else { return scalar }
            return Unicode.Scalar(0xE000 + scalar.value) ?? scalar
        }
        return [1, 2, 3, 5].reduce(into: []) { grams, length in
            for start in scalars.indices where start + length <= scalars.count {
                var gram = String.UnicodeScalarView()
                gram.append(contentsOf: scalars[start..<(start + length)])
                grams.insert(String(gram))
            }
        }
    }
}
