import Contracts
import FieldChecks
import HMSTestKit
import PatientService
import RPC
import Testing
import Vocabulary

/// People of another system come in whole, and each once.
@Suite(.timeLimit(.minutes(10))) struct ImportTests {
    @Test func `an imported patient is an ordinary one, and found by what the source calls him`() async throws {
        try await withPatients { hospital in
            let request = asha { $0.allergies = ["Penicillin"] }
            let answer = try await hospital.take(request)
            let patient = try #require(answer.patient)
            #expect(!answer.alreadyThere && !answer.updated && answer.possibleDuplicates.isEmpty)
            #expect(patient.patientID.hasPrefix("pat_") && patient.status == .active && patient.version == 1)
            #expect(patient.name == request.name && patient.email == request.email && patient.allergies == ["Penicillin"])
            #expect(patient.createdAt?.seconds == hospital.clock.now.secondsSinceEpoch)
            #expect(try await hospital.read(patient.patientID) == patient)
            #expect(try await hospital.known("old", "7") == [patient.patientID])
            #expect(try await hospital.events() == ["patient.registered 1"])
        }
    }

    /// Three names, one birthday, as in a register where nobody knows when he was born.
    private static func sixty(haveIDs: Bool) -> [ImportPatientRequest] {
        (0..<60).map { number in
            ImportPatientRequest(
                name: ["Anita Kumar", "Ram Singh", "John Smith"][number % 3], email: "p\(number)@mail.example",
                phone: "+91 98450 \(10_000 + number)", dob: "1990-01-01", source: haveIDs ? "clinic" : nil,
                sourceID: haveIDs ? "\(number)" : nil)
        }
    }

    @Test(arguments: [true, false])
    func `sixty people of one birthday and common names come in as sixty, twice without a double`(haveIDs: Bool) async throws {
        try await withPatients { hospital in
            let rows = Self.sixty(haveIDs: haveIDs)
            var ids: [String] = []
            for row in rows { ids.append(try await hospital.takeNew(row)) }
            #expect(Set(ids).count == 60)
            let before = try await hospital.contents()
            for (row, id) in zip(rows, ids) {
                let again = try await hospital.take(row)
                #expect(again.alreadyThere && !again.updated && again.patient?.patientID == id)
            }
            #expect(try await hospital.contents() == before)
        }
    }

    @Test func `namesakes with other contacts are listed as possible duplicates, twenty at most`() async throws {
        try await withPatients { hospital in
            var ids: [String] = []
            for number in 0..<22 {
                let answer = try await hospital.take(asha("\(number)") { $0.email = "asha\(number)@example.org" })
                #expect(answer.possibleDuplicates == Array(ids.prefix(20)))
                ids.append(try #require(answer.patient?.patientID))
            }
            let again = try await hospital.take(asha("3") { $0.email = "asha3@example.org" })
            #expect(again.alreadyThere && again.possibleDuplicates.isEmpty)
        }
    }

    @Test func `a source id that means somebody else is refused, and by another source's name it is another id`() async throws {
        try await withPatients { hospital in
            let ada = try await hospital.takeNew(asha())
            let other = asha { ($0.name, $0.dob, $0.email) = ("Bela Menon", "1975-05-05", "bela@example.org") }
            let before = try await hospital.contents()
            for update in [false, true] {
                var other = other
                other.update = update
                let refusal = await refusal { _ = try await hospital.take(other) }
                #expect(refusal?.reason == "SOURCE_ID_TAKEN" && refusal?.message.contains(ada) == true)
            }
            #expect(try await hospital.contents() == before)
            var elsewhere = other
            elsewhere.source = "new"
            let bela = try await hospital.takeNew(elsewhere)
            #expect(try await hospital.known("new", "7") == [bela])
            #expect(try await hospital.known("old", "7") == [ada])
        }
    }

    @Test func `somebody registered here is known by his address, and by the source's id from then on`() async throws {
        try await withPatients { hospital in
            let registered = try await hospital.register("Asha Rao", dob: "1980-02-29", email: "Asha@Example.org", phone: "555 0100")
            let answer = try await hospital.take(asha())
            #expect(answer.alreadyThere && !answer.updated && answer.patient == registered)
            // By the id alone: it was remembered.
            #expect(try await hospital.take(asha { $0.email = nil }).patient == registered)
            // By another source's id too, but by no second one of the same source.
            #expect(try await hospital.take(asha("A-1", source: "laboratory")).patient == registered)
            let refusal = await refusal { _ = try await hospital.take(asha("8")) }
            #expect(refusal?.reason == "POSSIBLE_DUPLICATE" && refusal?.message.contains(registered.patientID) == true)
            let another = try await hospital.take(asha("8") { $0.allowDuplicate = true })
            #expect(!another.alreadyThere && another.possibleDuplicates == [registered.patientID])
            #expect(try await hospital.events() == ["patient.registered 1", "patient.registered 1"])
        }
    }

    @Test func `where nothing tells a namesake he is asked for, and one file twice makes no double`() async throws {
        try await withPatients { hospital in
            let registered = try await hospital.register("Asha Rao", dob: "1980-02-29")
            let row = asha(nil) { $0.email = nil }
            #expect(try await hospital.take(row).patient == registered)
            var more = row
            more.allergies = ["Latex"]
            for unclear in [asha("7") { $0.email = nil }, asha("7"), asha(nil), more] {
                await expectRefusal(.failedPrecondition, "POSSIBLE_DUPLICATE") { _ = try await hospital.take(unclear) }
            }
            #expect(try await hospital.contents().count == 2)
        }
    }

    @Test(arguments: [asha("7"), asha(nil), asha(nil) { $0.email = nil }])
    func `of 64 imports of one person at the same time one is made`(row: ImportPatientRequest) async throws {
        try await withPatients { hospital in
            let administrator = try await hospital.administrator()
            let reasons = await outcomes(of: 64) { _ in _ = try await administrator.importPatient(row) }
            #expect(reasons == ["OK": 64])
            #expect(try await hospital.list().count == 1)
            #expect(try await hospital.events() == ["patient.registered 1"])
        }
    }

    @Test func `of 64 people with one source id at the same time one comes in`() async throws {
        try await withPatients { hospital in
            let administrator = try await hospital.administrator()
            let reasons = await outcomes(of: 64) { index in
                _ = try await administrator.importPatient(asha { $0.name = "Person \(index)" })
            }
            #expect(reasons == ["OK": 1, "SOURCE_ID_TAKEN": 63])
            #expect(try await hospital.list().count == 1)
        }
    }

    @Test func `an import that ends before it is whole leaves nothing, and is whole when it comes again`() async throws {
        try await withPatients { hospital in
            // The last table of an import is not there.
            try await hospital.execute("ALTER TABLE source_ids RENAME TO elsewhere")
            let refusal = await refusal { _ = try await hospital.take(asha()) }
            #expect(refusal?.code == .internal)
            try await hospital.execute("ALTER TABLE elsewhere RENAME TO source_ids")
            #expect(try await hospital.contents().isEmpty)
            let patient = try await hospital.takeNew(asha())
            #expect(try await hospital.known("old", "7") == [patient])
        }
    }

    @Test func `a request sent again under its key gets the first answer`() async throws {
        try await withPatients { hospital in
            let administrator = try await hospital.administrator(idempotencyKey: "one")
            let first = try await administrator.importPatient(asha())
            #expect(try await administrator.importPatient(asha()) == first)
            #expect(!first.alreadyThere)
        }
    }

    @Test(
        arguments: [
            (asha { $0.source = nil }, "source"), (asha { $0.sourceID = nil }, "source_id"), (asha(""), "source_id"),
            (asha("two\nlines"), "source_id"), (asha(String(repeating: "7", count: 201)), "source_id"), (asha(source: ""), "source"),
            (asha(source: "with space"), "source"), (asha(source: String(repeating: "s", count: 65)), "source"),
            (asha { $0.name = "" }, "name"), (asha { $0.dob = "1899-12-31" }, "dob"), (asha { $0.dob = "2026-03-03" }, "dob"),
            (asha { $0.dob = "1980-02-30" }, "dob"), (asha { $0.email = "nobody" }, "email"), (asha { $0.phone = "12" }, "phone"),
            (asha { $0.allergies = (0...100).map { "Substance \($0)" } }, "allergies"),
        ])
    func `a field that is not valid is named`(row: ImportPatientRequest, field: String) async throws {
        try await withPatients { hospital in
            for validateOnly in [true, false] {
                var row = row
                row.validateOnly = validateOnly
                let refusal = await refusal { _ = try await hospital.take(row) }
                #expect(refusal?.reason == "INVALID_ARGUMENT")
                #expect(refusal?.violations.map(\.field) == [field])
            }
            let contents = try await hospital.contents()
            #expect(contents.isEmpty)
        }
    }

    @Test func `the longest source id and name of a source are taken`() async throws {
        try await withPatients { hospital in
            let (source, sourceID) = (String(repeating: "S", count: 64), String(repeating: "é", count: 200))
            let patient = try await hospital.takeNew(asha(sourceID, source: source))
            #expect(try await hospital.known(source, sourceID) == [patient])
        }
    }

    @Test func `no refusal repeats what is personal`() async throws {
        try await withPatients { hospital in
            _ = try await hospital.take(asha("MRN-Zebra"))
            let refusals = [
                await refusal { _ = try await hospital.take(asha("MRN-Zebra") { $0.name = "Quentin" }) },
                await refusal { _ = try await hospital.take(asha("MRN-Quagga")) },
                await refusal { _ = try await hospital.take(asha("MRN-Zebra\u{7}")) },
            ]
            for refusal in refusals {
                let text = "\(try #require(refusal))" + "\(refusal?.violations ?? [])"
                for word in ["MRN", "Zebra", "Quagga", "Quentin", "Asha", "1980"] { #expect(!text.contains(word), "\(text)") }
            }
            #expect(!hospital.hospital.log.lines.joined().contains("MRN"))
        }
    }
}
