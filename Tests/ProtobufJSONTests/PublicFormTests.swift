import Contracts
import ProtobufC
import ProtobufJSON
import Testing

@Suite("The public form of messages")
struct PublicFormTests {
    private let patient = Patient(
        patientID: "pat_1", name: "Asha Rao", phone: "+91 22 1234567", dob: "1990-01-31", allergies: ["penicillin"], status: .active,
        createdAt: ProtobufTimestamp(seconds: 1_769_851_800), version: 3)

    private func text<M: JSONMessage>(_ message: M, _ options: JSONOptions = .api) throws -> String {
        String(decoding: try message.json(options: options), as: UTF8.self)
    }

    @Test func `every field is present, by its contract's name`() throws {
        #expect(
            try text(patient)
                == #"{"patient_id":"pat_1","name":"Asha Rao","email":null,"phone":"+91 22 1234567","dob":"1990-01-31","allergies":["penicillin"],"status":"ACTIVE","created_at":"2026-01-31T09:30:00Z","version":3,"forgotten_at":null}"#
        )
        #expect(
            try text(Patient())
                == #"{"patient_id":"","name":"","email":null,"phone":null,"dob":"","allergies":[],"status":"UNSPECIFIED","created_at":null,"version":0,"forgotten_at":null}"#
        )
    }

    @Test func `the proto3 mapping leaves out what is absent`() throws {
        #expect(try text(Patient(), .standard) == "{}")
        #expect(
            try text(Patient(patientID: "p", email: "", status: .inactive, version: 1), .standard)
                == #"{"patientId":"p","email":"","status":"PATIENT_STATUS_INACTIVE","version":"1"}"#)
    }

    @Test func `a value that the contract does not name is written as a number`() throws {
        #expect(try text(Patient(status: .unrecognized(77)), .standard) == #"{"status":77}"#)
        #expect(try Patient(json: #"{"status":77}"#).status == .unrecognized(77))
    }

    @Test func `only the chosen member of a choice is written`() throws {
        #expect(try text(CountActiveAppointmentsRequest(of: .doctorID("doc_1"))) == #"{"doctor_id":"doc_1","from":null,"to":null}"#)
    }

    @Test func `describing a message gives nobody away`() {
        let description = "\(GetPatientResponse(patient: patient))"
        #expect(
            description
                == #"{"patient":{"patient_id":"pat_1","name":"•••","email":"•••","phone":"•••","dob":"•••","allergies":"•••","status":"ACTIVE","created_at":"2026-01-31T09:30:00Z","version":3,"forgotten_at":null}}"#
        )
        for personal in ["Asha", "22", "1990", "penicillin"] { #expect(!description.contains(personal)) }
    }

    @Test func `a message comes back from both forms`() throws {
        for options in [JSONOptions.api, .standard] {
            #expect(try Patient(json: patient.json(options: options), options: options) == patient)
        }
    }

    @Test(arguments: [
        #"{"name":"SECRET","dob":1}"#, #"{"name":"SECRET"#, #"{"name":"SECRET\ud83d"}"#, #"{"name":"SECRET","name":"SECRET"}"#,
        #"{"email":"SECRET","status":"SECRET"}"#, #"{"created_at":"SECRET"}"#, #"{"version":"SECRET"}"#, #"{"SECRET VALUE":1}"#,
        #"{"allergies":["SECRET",1]}"#, #"SECRET"#, #"{"name":SECRET}"#, #"{"allow_duplicate":"SECRET"}"#,
    ])
    func `the refusal of a document never repeats what is in it`(json: String) {
        let error = #expect(throws: JSONDecodingError.self) { try Patient(json: json) }
        #expect(error.map { "\($0)".contains("SECRET") } == false)
    }
}
