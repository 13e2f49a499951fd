import ArgumentParser
import HospitalClient
import PlainText

/// What the public API tells of one patient.
struct PatientDossier {
    private static let pageSize = "100"

    private let patient: String
    private let client: HospitalClient

    init(_ patient: String, of client: HospitalClient) {
        self.patient = patient
        self.client = client
    }

    func members() async throws -> [JSONMember] {
        let record = try await get("/v1/patients/\(patient)")
        let appointments = try await list("appointments", "/v1/appointments", of: "patient_id")
        let payments = try await list("payments", "/v1/payments", of: "patient_id")
        return [
            JSONMember("patient", record),
            JSONMember("appointments", .array(try await appointments.joined("history", by: "appointment_id", history))),
            JSONMember("bills", .array(try await list("bills", "/v1/bills", of: "patient_id"))),
            JSONMember("payments", .array(try await payments.joined("refunds", by: "payment_id", refunds))),
            JSONMember("prescriptions", .array(try await list("prescriptions", "/v1/prescriptions", of: "patient_id"))),
            JSONMember("notifications", .array(try await list("notifications", "/v1/notifications", of: "recipient_id"))),
        ]
    }

    private func history(of appointment: String) async throws -> JSONValue {
        try await get("/v1/appointments/\(appointment)/history")
    }

    private func refunds(of payment: String) async throws -> JSONValue {
        .array(try await pages("refunds", "/v1/payments/\(payment)/refunds", []))
    }

    private func list(_ name: String, _ path: String, of field: String) async throws -> [JSONValue] {
        try await pages(name, path, [(field, patient)])
    }

    private func pages(_ name: String, _ path: String, _ query: [(name: String, value: String)]) async throws -> [JSONValue] {
        var (rows, token) = ([JSONValue](), "")
        repeat {
            let page = try await get(path, query + [("page_size", Self.pageSize)] + (token.isEmpty ? [] : [("page_token", token)]))
            rows += page[name]?.elements ?? []
            token = page["next_page_token"]?.text ?? ""
        } while !token.isEmpty
        return rows
    }

    private func get(_ path: String, _ query: [(name: String, value: String)] = []) async throws -> JSONValue {
        let reply = try await client.send(APIRequest(.get, path, query: query))
        guard reply.isSuccess, let body = reply.body else { throw ValidationError("\(path): \(reply.reason)") }
        return body
    }
}

extension [JSONValue] {
    /// Puts into each row what is found by its id.
    fileprivate func joined(
        _ name: String, by id: String, _ find: (String) async throws -> JSONValue
    ) async throws -> [JSONValue] {
        var rows: [JSONValue] = []
        for case .object(let members) in self {
            let found = try await find(JSONValue.object(members)[id]?.text ?? "")
            rows.append(.object(members + [JSONMember(name, found)]))
        }
        return rows
    }
}
