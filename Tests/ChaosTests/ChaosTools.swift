import AsyncHTTPClient
import Foundation
import HospitalClient
import PlainText
import ServiceKit
import Supervision
import Vocabulary

/// What every client under chaos has at hand.
struct ChaosTools: Sendable {
    struct Doctor: Sendable {
        let id: String
        let caller: ChaosCaller
    }

    let ledger: ChaosLedger
    let clock: MovedClock
    let calendar: ClinicCalendar
    let reception: ChaosCaller
    let billing: ChaosCaller
    let admin: ChaosCaller
    var doctors: [Doctor] = []

    /// Whether a new patient's registration was acknowledged.
    func registers(_ name: String) async -> Bool {
        let body: JSONValue = ["name": .string(name), "dob": "1980-01-01", "allow_duplicate": true]
        guard let id = await reception.post("/v1/patients", body)?["patient_id"]?.text else { return false }
        ledger.promise("/v1/patients/\(id)")
        return true
    }
}

/// One role at the public API, while parts of the hospital are dead: what gets no answer, or is asked to come back, is sent
/// again a few times under the same key, as a good client does.
struct ChaosCaller: Sendable {
    private static let tries = 4

    private let client: HospitalClient
    private let ledger: ChaosLedger

    init(_ client: HospitalClient, _ ledger: ChaosLedger) {
        self.client = client
        self.ledger = ledger
    }

    /// The body of a success, nil for everything else.
    func get(_ path: String, _ query: [(name: String, value: String)] = []) async -> JSONValue? {
        await send(APIRequest(.get, path, query: query))
    }

    func post(_ path: String, _ body: JSONValue = [:]) async -> JSONValue? {
        await send(APIRequest(.post, path, body: body, headers: [("idempotency-key", UUID().uuidString)]))
    }

    /// The answer to a read that is waited for, however long the service is away.
    func read(_ path: String) async throws -> APIReply? {
        guard case .answered(let reply, _) = try await PersistentSender(client: client).send(APIRequest(.get, path)) else { return nil }
        return reply
    }

    private func send(_ request: APIRequest) async -> JSONValue? {
        for attempt in 1...Self.tries {
            guard let reply = await answer(to: request) else { continue }
            if reply.isSuccess { return reply.body ?? .null }
            guard reply.isTemporary, attempt < Self.tries else { return nil }
            // A cancelled sleep ends with the clients' time.
            try? await Task.sleep(for: .milliseconds(50 * attempt))
        }
        return nil
    }

    private func answer(to request: APIRequest) async -> APIReply? {
        do {
            let reply = try await client.send(request)
            ledger.note(reply.isSuccess ? "\(reply.status)" : "\(reply.status) \(reply.code ?? "without a code")")
            return reply
        } catch let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout {
            ledger.note("timeout")
        } catch {
            ledger.note("\(error)")
        }
        return nil
    }
}
