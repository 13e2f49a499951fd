import Foundation

/// Brings a demo hospital's people into a running one through the public API. Who is there already stays as he is.
public struct DemoFilling: Sendable {
    public struct Counts: Hashable, Sendable, CustomStringConvertible {
        public var doctors = 0
        public var patients = 0
        public var leaves = 0

        public var description: String { "\(doctors) doctors, \(patients) patients and \(leaves) leaves are new" }
    }

    private let client: HospitalClient
    private let sender: PersistentSender

    /// - Parameter client: with the token of an admin.
    public init(client: HospitalClient) {
        self.client = client
        sender = PersistentSender(client: client, patience: .seconds(20))
    }

    public func fill(_ hospital: DemoHospital) async throws -> Counts {
        var counts = Counts()
        for (number, doctor) in hospital.doctors.enumerated() where try await create(.doctors, doctor.body) {
            counts.doctors += 1
            let id = try await idOfDoctor(named: doctor.body["name"]?.text ?? "")
            try await request(APIRequest(.put, "/v1/doctors/\(id)/schedule", body: doctor.workingHours))
            if number % 4 == 0, try await enterLeave(of: id, weeksAhead: 2 + number / 4) { counts.leaves += 1 }
        }
        for patient in hospital.patients where try await create(.patients, patient) { counts.patients += 1 }
        return counts
    }

    private func create(_ kind: ImportKind, _ body: JSONValue) async throws -> Bool {
        switch try await RecordCreator(kind: kind, sender: sender).create(body) {
        case .created: return true
        case .alreadyThere: return false
        case .refused(let reason), .impossible(let reason): throw DemoFailed(reason: reason)
        }
    }

    private func idOfDoctor(named name: String) async throws -> String {
        let reply = try await request(APIRequest(.get, "/v1/doctors", query: [("query", name)]))
        guard let id = reply.body?["doctors"]?.elements.first(where: { $0["name"]?.text == name })?["doctor_id"]?.text else {
            throw DemoFailed(reason: "\(name) is not in the list of doctors")
        }
        return id
    }

    /// A week off. Needs the appointment service, to see whom it would disappoint: false while none runs.
    private func enterLeave(of doctor: String, weeksAhead: Int) async throws -> Bool {
        let start = Date.now.addingTimeInterval(Double(weeksAhead * 7 * 86_400))
        let body: JSONValue = [
            "start": .string(start.formatted(.iso8601)), "end": .string(start.addingTimeInterval(7 * 86_400).formatted(.iso8601)),
            "reason": "Annual leave",
        ]
        let reply = try await client.send(APIRequest(.post, "/v1/doctors/\(doctor)/leaves", body: body))
        guard reply.isSuccess || reply.isTemporary else { throw DemoFailed(reason: reply.reason) }
        return reply.isSuccess
    }

    @discardableResult
    private func request(_ request: APIRequest) async throws -> APIReply {
        switch try await sender.send(request) {
        case .answered(let reply, _) where reply.isSuccess: return reply
        case .answered(let reply, _): throw DemoFailed(reason: reply.reason)
        case .unreachable(let reason): throw DemoFailed(reason: reason)
        }
    }
}

/// The demo hospital could not be filled in.
public struct DemoFailed: Error, CustomStringConvertible {
    public let reason: String
    public var description: String { "could not fill in the demo hospital: \(reason)" }
}
