import Contracts
import DoctorService
import FieldChecks
import HMSTestKit
import RPC
import ServiceKit
import Storage
import Testing
import Vocabulary

/// Doctors of another system come in whole, and each once.
@Suite(.timeLimit(.minutes(10))) struct ImportTests {
    @Test func `an imported doctor is an ordinary one, and found by what the source calls him`() async throws {
        try await withDoctors { hospital in
            let answer = try await hospital.take(nadia { $0.consultationFee = 80_000 })
            let doctor = try #require(answer.doctor)
            #expect(!answer.alreadyThere && !answer.updated && answer.possibleDuplicates.isEmpty)
            #expect(doctor.doctorID.hasPrefix("doc_") && doctor.status == .active && doctor.version == 1)
            #expect(doctor.department == "Cardiology" && doctor.consultationFee == 80_000)
            #expect(doctor.createdAt?.seconds == hospital.hospital.clock.now.secondsSinceEpoch)
            #expect(try await hospital.read(doctor.doctorID) == doctor)
            #expect(try await hospital.known("old", "7") == [doctor.doctorID])
            #expect(try await hospital.events() == ["doctor.registered 1 Cardiology true"])
            let before = try await hospital.contents()
            let again = try await hospital.take(nadia { ($0.name, $0.department) = ("NADIA  IYER", " cardiology ") })
            #expect(again.alreadyThere && again.doctor == doctor)
            #expect(try await hospital.contents() == before)
        }
    }

    @Test func `a source id that means somebody else is refused, and by another source's name it is another id`() async throws {
        try await withDoctors { hospital in
            let nadiaID = try #require(try await hospital.take(nadia()).doctor?.doctorID)
            for other in [nadia { $0.name = "Cem Öz" }, nadia { $0.department = "Radiology" }, nadia { $0.specialization = "Rhythm" }] {
                let refusal = await refusal { _ = try await hospital.take(other) }
                #expect(refusal?.reason == "SOURCE_ID_TAKEN" && refusal?.message.contains(nadiaID) == true)
            }
            let cem = try await hospital.take(nadia(source: "new") { $0.name = "Cem Öz" })
            #expect(!cem.alreadyThere)
            #expect(try await hospital.known("new", "7") == [cem.doctor?.doctorID ?? ""])
        }
    }

    @Test func `somebody registered here is known by his address, and by the source's id from then on`() async throws {
        try await withDoctors { hospital in
            let request = CreateDoctorRequest(
                name: "Nadia Iyer", email: "Nadia@Example.org", department: "Cardiology", specialization: "Surgery")
            let registered = try #require(try await hospital.doctors.createDoctor(request).doctor)
            #expect(try await hospital.take(nadia()).doctor == registered)
            #expect(try await hospital.take(nadia { $0.email = nil }).doctor == registered)
            #expect(try await hospital.take(nadia("D1", source: "payroll")).doctor == registered)
            let refusal = await refusal { _ = try await hospital.take(nadia("8")) }
            #expect(refusal?.reason == "POSSIBLE_DUPLICATE" && refusal?.message.contains(registered.doctorID) == true)
            let allowed = try await hospital.take(nadia("8") { $0.allowDuplicate = true })
            #expect(!allowed.alreadyThere && allowed.possibleDuplicates == [registered.doctorID])
            let other = try await hospital.take(nadia("9") { $0.email = "n.iyer@example.org" })
            #expect(!other.alreadyThere && other.possibleDuplicates == [registered.doctorID, allowed.doctor?.doctorID ?? ""])
            #expect(try await hospital.events().count == 3)
        }
    }

    @Test func `where nothing tells a namesake he is asked for, and one file twice makes no double`() async throws {
        try await withDoctors { hospital in
            let registered = try await hospital.register()
            let row = nadia(nil) { $0.email = nil }
            #expect(try await hospital.take(row).doctor == registered)
            var more = row
            more.consultationFee = 80_000
            for unclear in [nadia { $0.email = nil }, nadia(nil), more] {
                await expectRefusal(.failedPrecondition, "POSSIBLE_DUPLICATE") { _ = try await hospital.take(unclear) }
            }
            // Another department is another doctor.
            #expect(try await hospital.take(nadia { $0.department = "Radiology" }).alreadyThere == false)
        }
    }

    @Test func `an update changes what the row says and differs, once`() async throws {
        try await withDoctors { hospital in
            let id = try #require(try await hospital.take(nadia { $0.phone = "555 0100" }).doctor?.doctorID)
            let row = ImportDoctorRequest(
                name: "Nadia Iyer", department: "Radiology", specialization: "Surgery", consultationFee: 90_000, source: "old",
                sourceID: "7", update: true)
            let changed = try await hospital.take(row)
            let doctor = try #require(changed.doctor)
            #expect(changed.alreadyThere && changed.updated && doctor.doctorID == id && doctor.version == 2)
            #expect(doctor.department == "Radiology" && doctor.consultationFee == 90_000)
            #expect(doctor.email == "nadia@example.org" && doctor.phone == "555 0100")
            for update in [true, false] {
                var again = row
                again.update = update
                #expect(try await hospital.take(again).updated == false)
            }
            let events = try await hospital.events()
            #expect(events == ["doctor.registered 1 Cardiology true", "doctor.changed 2 Radiology true"])
        }
    }

    @Test func `an update that makes a namesake asks as a new doctor does`() async throws {
        try await withDoctors { hospital in
            let other = try await hospital.register("Nadia Iyer", department: "Radiology")
            _ = try await hospital.take(nadia())
            var move = nadia { ($0.department, $0.update) = ("Radiology", true) }
            await expectRefusal(.failedPrecondition, "POSSIBLE_DUPLICATE") { _ = try await hospital.take(move) }
            move.allowDuplicate = true
            #expect(try await hospital.take(move).possibleDuplicates == [other.doctorID])
        }
    }

    @Test func `a deleted doctor is still the one whom his id means, and does not change`() async throws {
        try await withDoctors { hospital in
            let doctor = try #require(try await hospital.take(nadia()).doctor)
            try await hospital.delete(doctor)
            let answer = try await hospital.take(nadia())
            #expect(answer.alreadyThere && answer.doctor?.doctorID == doctor.doctorID && answer.doctor?.status == .inactive)
            await expectRefusal(.failedPrecondition, "DOCTOR_INACTIVE") {
                _ = try await hospital.take(nadia { ($0.phone, $0.update) = ("555 0100", true) })
            }
            #expect(try await hospital.take(nadia("D1", source: "payroll")).doctor?.doctorID == doctor.doctorID)
        }
    }

    @Test(arguments: [nadia(), nadia(nil), nadia(nil) { $0.email = nil }])
    func `of 64 imports of one doctor at the same time one is made`(row: ImportDoctorRequest) async throws {
        try await withDoctors { hospital in
            #expect(await outcomes(of: 64) { _ in _ = try await hospital.take(row) } == ["OK": 64])
            let events = try await hospital.events()
            #expect(events == ["doctor.registered 1 Cardiology true"])
        }
    }

    @Test func `of 64 doctors with one source id at the same time one comes in`() async throws {
        try await withDoctors { hospital in
            let reasons = await outcomes(of: 64) { index in _ = try await hospital.take(nadia { $0.name = "Doctor \(index)" }) }
            #expect(reasons == ["OK": 1, "SOURCE_ID_TAKEN": 63])
        }
    }

    @Test func `an import that ends before it is whole leaves nothing, and is whole when it comes again`() async throws {
        try await withDoctors { hospital in
            // The last table of an import is not there.
            try await hospital.execute("ALTER TABLE source_ids RENAME TO elsewhere")
            #expect(await refusal { _ = try await hospital.take(nadia()) } != nil)
            try await hospital.execute("ALTER TABLE elsewhere RENAME TO source_ids")
            #expect(try await hospital.contents().isEmpty)
            #expect(try await hospital.take(nadia()).alreadyThere == false)
        }
    }

    @Test func `what only validates answers as what stores, and stores nothing`() async throws {
        try await withDoctors { hospital in
            _ = try await hospital.take(nadia())
            for row in [nadia("8") { $0.email = "other@example.org" }, nadia(), nadia { ($0.phone, $0.update) = ("555 0100", true) }] {
                var question = row
                question.validateOnly = true
                let before = try await hospital.contents()
                let asked = try await hospital.take(question)
                #expect(try await hospital.contents() == before)
                var stored = try await hospital.take(row)
                if !stored.alreadyThere {
                    #expect(asked.doctor?.doctorID == "" && asked.doctor?.createdAt == nil && asked.doctor?.version == 0)
                    stored.doctor?.doctorID = ""
                    stored.doctor?.createdAt = nil
                    stored.doctor?.version = 0
                }
                #expect(asked == stored)
            }
        }
    }

    @Test(
        arguments: [
            (nadia { $0.source = nil }, "source"), (nadia { $0.sourceID = nil }, "source_id"),
            (nadia(String(repeating: "7", count: 201)), "source_id"), (nadia(source: "a/b"), "source"), (nadia { $0.name = "" }, "name"),
            (nadia { $0.department = "" }, "department"), (nadia { $0.specialization = "" }, "specialization"),
            (nadia { $0.consultationFee = 0 }, "consultation_fee"), (nadia { $0.email = "nobody" }, "email"),
        ])
    func `a field that is not valid is named`(row: ImportDoctorRequest, field: String) async throws {
        try await withDoctors { hospital in
            let refusal = await refusal { _ = try await hospital.take(row) }
            #expect(refusal?.reason == "INVALID_ARGUMENT")
            #expect(refusal?.violations.map(\.field) == [field])
            let contents = try await hospital.contents()
            #expect(contents.isEmpty)
        }
    }

    @Test(
        arguments: [
            (ListDoctorsRequest(source: "old", sourceID: "7"), 1), (ListDoctorsRequest(source: "old", sourceID: "8"), 0),
            (ListDoctorsRequest(source: "OLD", sourceID: "7"), 0), (ListDoctorsRequest(query: "nadia", source: "old", sourceID: "7"), 1),
            (ListDoctorsRequest(query: "cem", source: "old", sourceID: "7"), 0),
            (ListDoctorsRequest(status: .inactive, source: "old", sourceID: "7"), 0),
        ])
    func `a list finds whom a source's id means`(request: ListDoctorsRequest, count: Int) async throws {
        try await withDoctors { hospital in
            _ = try await hospital.take(nadia())
            _ = try await hospital.take(nadia("9") { $0.name = "Cem Öz" })
            #expect(try await hospital.doctors.listDoctors(request).doctors.count == count)
        }
    }

    @Test(arguments: [ListDoctorsRequest(source: "old"), ListDoctorsRequest(sourceID: "7")])
    func `a list is asked for a source and its id, or for neither`(request: ListDoctorsRequest) async throws {
        try await withDoctors { hospital in
            await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") { _ = try await hospital.doctors.listDoctors(request) }
        }
    }
}

extension DoctorServiceUnderTest {
    fileprivate func take(_ request: ImportDoctorRequest) async throws -> ImportDoctorResponse {
        try await doctors.importDoctor(request)
    }

    /// Whom a source's id means.
    fileprivate func known(_ source: String, _ sourceID: String) async throws -> [String] {
        try await doctors.listDoctors(ListDoctorsRequest(source: source, sourceID: sourceID)).doctors.map(\.doctorID)
    }

    /// Everything that the service keeps of doctors, and what it has to tell of them.
    fileprivate func contents() async throws -> [String] {
        try await service.resources.database.read { reader in
            try ["doctors", "source_ids", "hms_outbox"].flatMap { table in
                try reader.rows("SELECT * FROM \(table)") { row in
                    table + " " + (0..<row.count).map { "\(row.value($0))" }.joined(separator: "|")
                }
            }
        }
    }

    fileprivate func execute(_ sql: String) async throws {
        try await service.resources.database.write { _ = try $0.execute(sql) }
    }
}

/// Nadia Iyer of a source, as it says her to be; `change` says what is other.
private func nadia(
    _ sourceID: String? = "7", source: String = "old", _ change: (inout ImportDoctorRequest) -> Void = { _ in }
) -> ImportDoctorRequest {
    var request = ImportDoctorRequest(
        name: "Nadia Iyer", email: "nadia@example.org", department: "Cardiology", specialization: "Surgery")
    if let sourceID {
        request.source = source
        request.sourceID = sourceID
    }
    change(&request)
    return request
}
