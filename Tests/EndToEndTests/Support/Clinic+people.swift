import PlainText
import ServiceKit
import Testing

/// A doctor of a story, who can act for himself.
struct StoryDoctor: Sendable {
    let id: String
    let caller: Caller
    static let department = "Cardiology"
    /// 800.00; with 5 % tax 840.00.
    static let fee: Int64 = 80_000
}

extension Clinic {
    func doctor() async throws -> StoryDoctor {
        let body: JSONValue = [
            "name": .string("Dr. \(nextNumber())"), "department": .string(StoryDoctor.department), "specialization": "Rhythm",
            "consultation_fee": .integer(StoryDoctor.fee), "email": "doctor@hms.example",
        ]
        let id = try await admin.post("/v1/doctors", body).body(201)[text: "doctor_id"]
        return StoryDoctor(id: id, caller: try await caller(.doctor, subject: id))
    }

    /// Somebody with an email address and a telephone: he is told everything twice.
    func patient(allergies: [JSONValue] = []) async throws -> String {
        let body: JSONValue = [
            "name": .string("Patient \(nextNumber())"), "dob": "1990-12-10", "email": "patient@mail.example", "phone": "+91 98450 12345",
            "allergies": .array(allergies),
        ]
        return try await reception.post("/v1/patients", body).body(201)[text: "patient_id"]
    }
}
