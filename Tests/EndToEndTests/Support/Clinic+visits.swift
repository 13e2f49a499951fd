import Foundation
import HospitalClient
import PlainText
import Testing

/// What people do at the desk.
extension Clinic {
    func tryToBook(_ patient: String, with doctor: StoryDoctor, at start: String) async throws -> APIReply {
        try await reception.post(
            "/v1/appointments",
            [
                "patient_id": .string(patient), "doctor_id": .string(doctor.id), "department": .string(StoryDoctor.department),
                "slot_start": .string(start),
            ])
    }

    /// The appointment's id.
    func book(_ patient: String, with doctor: StoryDoctor, at start: String) async throws -> String {
        try await tryToBook(patient, with: doctor, at: start).body(201)[text: "appointment_id"]
    }

    func cancel(_ appointment: String, by initiator: String = "PATIENT") async throws -> APIReply {
        try await reception.post(
            "/v1/appointments/\(appointment)/cancel", ["reason": "asked to", "initiated_by": .string(initiator)])
    }

    func undo(_ appointment: String) async throws -> APIReply {
        try await reception.post("/v1/appointments/\(appointment)/undo", ["reason": "it was another patient"])
    }

    func complete(_ appointment: String, by doctor: StoryDoctor) async throws -> APIReply {
        try await doctor.caller.post("/v1/appointments/\(appointment)/complete")
    }

    func appointment(_ id: String) async throws -> JSONValue {
        try await reception.get("/v1/appointments/\(id)").body(200)
    }

    /// The starts of the slots that a doctor has free on a day.
    func freeSlots(of doctor: StoryDoctor, on day: StoryDay) async throws -> [String] {
        let query = [("doctor_id", doctor.id), ("from", "\(day.date)"), ("to", "\(day.date)")]
        return try await reception.list("/v1/slots", query).map { $0[text: "start"] }
    }
}

/// Money.
extension Clinic {
    func bills(of appointment: String) async throws -> [JSONValue] {
        try await billing.list("/v1/bills", [("appointment_id", appointment)])
    }

    /// The bill of a kind, once it is there and has this status.
    func bill(_ kind: String, of appointment: String, _ status: String = "OPEN") async throws -> JSONValue {
        try await found("a \(kind) bill of \(appointment) that is \(status)") {
            try await bills(of: appointment).first { $0[text: "kind"] == kind && $0[text: "status"] == status }
        }
    }

    func bill(_ id: String) async throws -> JSONValue {
        try await billing.get("/v1/bills/\(id)").body(200)
    }

    /// The bill that a patient gets before his visit.
    func billInAdvance(_ appointment: String) async throws -> JSONValue {
        try await billing.post("/v1/bills", ["appointment_id": .string(appointment), "kind": "CONSULTATION"]).body(201)
    }

    func pay(_ bill: JSONValue, reference: String? = nil, key: String = UUID().uuidString) async throws -> APIReply {
        var members = [
            JSONMember("bill_id", .string(bill[text: "bill_id"])), JSONMember("amount", .integer(bill[number: "amount"])),
            JSONMember("method", "CARD"),
        ]
        if let reference { members.append(JSONMember("reference", .string(reference))) }
        return try await billing.post("/v1/payments", .object(members), key: key)
    }

    func payment(_ id: String) async throws -> JSONValue {
        try await billing.get("/v1/payments/\(id)").body(200)
    }
}

/// News.
extension Clinic {
    /// Everything that somebody was told, or is to be told, of an event.
    func news(_ eventType: String, to recipient: String) async throws -> [JSONValue] {
        try await reception.list("/v1/notifications", [("event_type", eventType), ("recipient_id", recipient)])
    }

    /// Somebody has been told of an event through each of these channels, so often and no oftener.
    func expectNews(
        _ eventType: String, to recipient: String, by channels: [String] = ["EMAIL", "SMS"], times: Int = 1,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let wanted = Array(repeating: channels, count: times).flatMap { $0 }.sorted()
        try await eventually("\(recipient) is told of \(eventType)", sourceLocation: sourceLocation) {
            try await news(eventType, to: recipient).count { $0[text: "status"] == "SENT" } >= wanted.count
        }
        let told = try await news(eventType, to: recipient).map { $0[text: "channel"] }
        #expect(told.sorted() == wanted, sourceLocation: sourceLocation)
    }
}
