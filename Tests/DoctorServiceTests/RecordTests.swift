import Contracts
import DoctorService
import HMSTestKit
import RPC
import ServiceKit
import Storage
import Testing
import Vocabulary

@Suite(.timeLimit(.minutes(10))) struct RecordTests {
    @Test func `a registered doctor can be read`() async throws {
        try await withDoctors { hospital in
            let request = CreateDoctorRequest(
                name: "Nadia Iyer", email: "n.iyer@example.org", phone: "+91 98765 43210", department: "Cardiology",
                specialization: "Interventional", consultationFee: 75_000)
            let doctor = try #require(try await hospital.doctors.createDoctor(request).doctor)
            #expect(doctor.doctorID.hasPrefix("doc_"))
            #expect(doctor.status == .active && doctor.version == 1)
            #expect(doctor.consultationFee == 75_000)
            #expect(try await hospital.read(doctor.doctorID) == doctor)
            #expect(try await hospital.events() == ["doctor.registered 1 Cardiology true"])
        }
    }

    @Test func `a doctor without a fee of his own has none`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            #expect(doctor.consultationFee == nil && doctor.email == nil && doctor.phone == nil)
            #expect(try await hospital.read(doctor.doctorID) == doctor)
        }
    }

    @Test func `the department can be asked for alone, also of an inactive doctor`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register(department: "Ear, Nose & Throat")
            try await hospital.delete(doctor)
            let answer = try await hospital.doctors.getDoctorDepartment(GetDoctorDepartmentRequest(doctorID: doctor.doctorID))
            #expect(answer.doctorID == doctor.doctorID && answer.department == "Ear, Nose & Throat")
            #expect(try await answer.version == hospital.read(doctor.doctorID).version)
        }
    }

    @Test(
        arguments: [
            (ListDoctorsRequest(department: "CARDIOLOGY"), ["Cem Öz", "Anna Rao"]),
            (ListDoctorsRequest(department: " cardiology "), ["Cem Öz", "Anna Rao"]),
            (ListDoctorsRequest(department: "cardio"), []),
            (ListDoctorsRequest(specialization: "surgery"), ["Bela Rao", "Anna Rao"]),
            (ListDoctorsRequest(department: "cardiology", specialization: "surgery"), ["Anna Rao"]),
            (ListDoctorsRequest(query: "A RA"), ["Bela Rao", "Anna Rao"]),
            (ListDoctorsRequest(query: "oz"), ["Cem Öz"]),
            (ListDoctorsRequest(query: "Rao, Anna"), ["Anna Rao"]),
            (ListDoctorsRequest(department: "Car\u{200B}diology"), ["Cem Öz", "Anna Rao"]),
            (ListDoctorsRequest(department: "\u{2003}cardiology\u{A0}"), ["Cem Öz", "Anna Rao"]),
            (ListDoctorsRequest(query: "%"), []),
            (ListDoctorsRequest(status: .inactive), ["Bela Rao"]),
            (ListDoctorsRequest(specialization: "surgery", query: "rao", status: .active), ["Anna Rao"]),
            (ListDoctorsRequest(), ["Cem Öz", "Bela Rao", "Anna Rao"]),
        ] as [(ListDoctorsRequest, [String])])
    func `every condition of a list must be met`(request: ListDoctorsRequest, names: [String]) async throws {
        try await withDoctors { hospital in
            _ = try await hospital.register("Anna Rao", department: "Cardiology", specialization: "Surgery")
            try await hospital.delete(try await hospital.register("Bela Rao", department: "Radiology", specialization: "Surgery"))
            _ = try await hospital.register("Cem Öz", department: "Cardiology", specialization: "Rhythm")
            #expect(try await hospital.doctors.listDoctors(request).doctors.map(\.name) == names)
        }
    }

    @Test(.enabled(if: TestHospital.isOnSQLite, "there are no databases of before on PostgreSQL"))
    func `doctors of before are found as those of today`() async throws {
        let hospital = try TestHospital()
        let path = "\(hospital.configuration.dataFolder)/doctor/doctor.sqlite"
        let old = try await Database.open(
            .sqlite(path: path), schema: Schema(Array(ServiceDefinition.doctor.schema.sqlite.prefix(3))), logger: hospital.log.logger())
        try await old.write { transaction in
            try transaction.execute(
                """
                INSERT INTO doctors (doctor_id, name, name_folded, department, department_folded, specialization, specialization_folded,
                    status, created_at, version)
                VALUES ('doc_1', 'Rita D’Souza', 'rita d’souza', 'Out-patients', 'out-patients', 'X–Ray', 'x–ray', 'ACTIVE', 0, 1)
                """)
        }
        await old.close()
        let service = try await hospital.open(.doctor)
        let doctors = DoctorServiceClient(ChannelOfCaller(service.channel, try await hospital.options(.admin)))
        for request in [
            ListDoctorsRequest(department: "out patients"), ListDoctorsRequest(specialization: "x-ray"),
            ListDoctorsRequest(query: "d'souza"),
        ] {
            #expect(try await doctors.listDoctors(request).doctors.map(\.doctorID) == ["doc_1"])
        }
        await service.close()
    }

    @Test func `pages hold every doctor once`() async throws {
        try await withDoctors { hospital in
            for index in 0..<10 { _ = try await hospital.register("Doctor \(index)") }
            var request = ListDoctorsRequest(department: "cardiology", pageSize: 4)
            var sizes: [Int] = []
            var names: [String] = []
            repeat {
                let page = try await hospital.doctors.listDoctors(request)
                sizes.append(page.doctors.count)
                names += page.doctors.map(\.name)
                request.pageToken = page.nextPageToken
            } while !request.pageToken.isEmpty
            #expect(sizes == [4, 4, 2])
            #expect(names == (0..<10).reversed().map { "Doctor \($0)" })
        }
    }

    @Test func `the fields that the mask names change, and no others`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            let changes = DoctorChanges(name: "Nadia Menon", department: "Radiology", consultationFee: 90_000)
            let changed = try await hospital.update(doctor, changes, mask: ["department", "consultation_fee"])
            #expect(changed.department == "Radiology" && changed.consultationFee == 90_000)
            #expect(changed.name == "Nadia Iyer")
            #expect(changed.version == 2)
            #expect(try await hospital.read(doctor.doctorID) == changed)
            let cleared = try await hospital.update(changed, DoctorChanges(), mask: ["consultation_fee"])
            #expect(cleared.consultationFee == nil)
            #expect(try await hospital.events().last == "doctor.changed 3 Radiology true")
        }
    }

    @Test func `what changes nothing keeps the version and is no event`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            #expect(try await hospital.update(doctor, DoctorChanges(department: "Cardiology")) == doctor)
            #expect(try await hospital.events().count == 1)
        }
    }

    @Test(arguments: ["name", "department", "specialization"])
    func `a required field can't be cleared`(field: String) async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") {
                _ = try await hospital.update(doctor, DoctorChanges(), mask: [field])
            }
        }
    }

    @Test func `of 32 changes based on one version one wins`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            let reasons = await outcomes(of: 32) { index in
                _ = try await hospital.update(doctor, DoctorChanges(department: "Department \(index)"), expecting: 1)
            }
            #expect(reasons == ["OK": 1, "VERSION_MISMATCH": 31])
            #expect(try await hospital.read(doctor.doctorID).version == 2)
        }
    }

    @Test func `a request sent again under its key makes no second doctor`() async throws {
        try await withDoctors { hospital in
            let client = try await hospital.client(.admin, idempotencyKey: "one")
            let request = CreateDoctorRequest(name: "Nadia Iyer", department: "Cardiology", specialization: "Surgery")
            let first = try await client.createDoctor(request)
            #expect(try await client.createDoctor(request) == first)
            #expect(try await hospital.doctors.listDoctors(ListDoctorsRequest()).doctors.count == 1)
        }
    }

    @Test func `a doctor who does not exist is not found`() async throws {
        try await withDoctors { hospital in
            let nobody = Doctor(doctorID: "doc_01jq0000000000000000000000")
            await expectRefusal(.notFound, "DOCTOR_NOT_FOUND") { _ = try await hospital.read(nobody.doctorID) }
            await expectRefusal(.notFound, "DOCTOR_NOT_FOUND") { _ = try await hospital.update(nobody, DoctorChanges(name: "A")) }
            await expectRefusal(.notFound, "DOCTOR_NOT_FOUND") { try await hospital.delete(nobody) }
            await expectRefusal(.notFound, "DOCTOR_NOT_FOUND") { _ = try await hospital.schedule(of: nobody) }
            await expectRefusal(.notFound, "DOCTOR_NOT_FOUND") { _ = try await hospital.setSchedule(of: nobody, []) }
            await expectRefusal(.notFound, "DOCTOR_NOT_FOUND") { _ = try await hospital.enterLeave(of: nobody) }
            await expectRefusal(.notFound, "DOCTOR_NOT_FOUND") { _ = try await hospital.leaves(of: nobody) }
        }
    }
}
