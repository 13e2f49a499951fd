import Contracts
import FieldChecks
import HMSTestKit
import RPC
import Testing
import Vocabulary

@Suite(.timeLimit(.minutes(10))) struct PhoneSearchTests {
    @Test(
        arguments: [
            "+44 20 7946 0018", "02079460018", "0044 20 7946 0018", "+44 (0)20 7946 0018", "20 7946 0018", "7946-0018", "0018",
            " 020.7946.0018 ", "442079460018",
        ])
    func `a number is found however it is written, and by its last digits`(query: String) async throws {
        for region in [try #require(PhoneRegion("GB")), .india] {
            for stored in ["+44 20 7946 0018", "0044 (20) 7946.0018"] {
                try await withPatients(in: region) { hospital in
                    let patient = try await hospital.register("Asha Rao", dob: "1980-02-29", phone: stored)
                    _ = try await hospital.register("Bela Rao", dob: "1980-02-29", phone: "+44 20 7946 0019")
                    _ = try await hospital.register("Cem Rao", dob: "1980-02-29")
                    #expect(try await hospital.patients.listPatients(ListPatientsRequest(phone: query)).patients == [patient])
                    #expect(patient.phone == stored)
                }
            }
        }
    }

    @Test func `pages of a number's end hold everybody once, the newest first`() async throws {
        try await withPatients { hospital in
            var expected: [String] = []
            for number in 0..<25 {
                let phone = "+91 98450 \(number % 10)0345"
                expected.append(try await hospital.register("Patient \(number)", dob: "1980-02-29", phone: phone).patientID)
            }
            var request = ListPatientsRequest(phone: "70345", pageSize: 1)
            var found: [String] = []
            repeat {
                let page = try await hospital.patients.listPatients(request)
                found += page.patients.map(\.patientID)
                request.pageToken = page.nextPageToken
            } while !request.pageToken.isEmpty
            #expect(found == [expected[17], expected[7]])
            #expect(try await hospital.patients.listPatients(ListPatientsRequest(phone: "0345")).patients.count == 25)
        }
    }

    @Test func `a changed number is found, and the one of before is not`() async throws {
        try await withPatients { hospital in
            let patient = try await hospital.register("Asha Rao", dob: "1980-02-29", phone: "98450 12345")
            let moved = try await hospital.update(patient, PatientChanges(phone: "98450 54321"))
            #expect(try await hospital.patients.listPatients(ListPatientsRequest(phone: "098450 54321")).patients == [moved])
            #expect(try await hospital.patients.listPatients(ListPatientsRequest(phone: "12345")).patients.isEmpty)
        }
    }

    @Test(arguments: ["+٩١ ٩٨٤٥٠ ١٢٣٤٥", "98450１2345"])
    func `a number in other digits is refused, and says why`(phone: String) async throws {
        try await withPatients { hospital in
            let refusal = await refusal { _ = try await hospital.register("Asha Rao", dob: "1980-02-29", phone: phone) }
            #expect(refusal?.violations.map(\.message) == ["must be written with the digits 0 to 9"])
        }
    }
}
