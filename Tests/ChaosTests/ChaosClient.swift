import AsyncHTTPClient
import Foundation
import PlainText
import SeededRandom
import ServiceKit
import Supervision
import Vocabulary

/// One of many who use a hospital at the same time, each with patients of his own: he registers, books, moves, cancels,
/// bills, pays, completes and prescribes at random, and goes on whatever is answered.
struct ChaosClient: Sendable {
    private let tools: ChaosTools
    private let number: Int
    private var random: SplitMix64
    private var patient: String?
    private var visits: [Visit] = []
    private var count = 0

    private struct Visit: Sendable {
        let id: String
        let doctor: ChaosTools.Doctor
        var start: Instant
    }

    init(_ number: Int, _ tools: ChaosTools, seed: UInt64) {
        self.number = number
        self.tools = tools
        random = SplitMix64(seed: seed &+ UInt64(number) << 32)
    }

    mutating func run(until end: ContinuousClock.Instant) async throws {
        while ContinuousClock.now < end {
            guard patient != nil, count % 40 != 0 else {
                await register()
                continue
            }
            count += 1
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<7: try await book()
            case 7..<9: try await move()
            case 9: try await cancel()
            case 10..<12: try await prepay()
            default: try await attend()
            }
        }
    }

    private mutating func register() async {
        count += 1
        let body: JSONValue = [
            "name": .string("Client \(number) Patient \(count)"), "dob": "1980-01-01", "email": "chaos@mail.example",
            "allow_duplicate": true,
        ]
        guard let reply = await tools.reception.post("/v1/patients", body), let id = reply["patient_id"]?.text else { return }
        tools.ledger.promise("/v1/patients/\(id)")
        patient = id
    }

    private mutating func book() async throws {
        guard let patient, let slot = try await freeSlot() else { return }
        let body: JSONValue = [
            "patient_id": .string(patient), "doctor_id": .string(slot.doctor.id), "department": "Chaos",
            "slot_start": .string(slot.start.rfc3339),
        ]
        guard let id = await tools.reception.post("/v1/appointments", body)?["appointment_id"]?.text else { return }
        tools.ledger.promise("/v1/appointments/\(id)")
        visits.append(Visit(id: id, doctor: slot.doctor, start: slot.start))
    }

    private mutating func freeSlot() async throws -> (doctor: ChaosTools.Doctor, start: Instant)? {
        guard let doctor = tools.doctors.randomElement(using: &random) else { return nil }
        let day = tools.calendar.day(of: try tools.clock.now()).adding(days: Int.random(in: 0...2, using: &random))
        let query = [("doctor_id", doctor.id), ("from", "\(day)"), ("to", "\(day)")]
        let slots = await tools.reception.get("/v1/slots", query)?["slots"]?.elements ?? []
        guard let start = slots.randomElement(using: &random)?["start"]?.text.flatMap({ Instant(rfc3339: $0) }) else { return nil }
        return (doctor, start)
    }

    private mutating func move() async throws {
        guard let visit = visits.randomElement(using: &random), let slot = try await freeSlot() else { return }
        let body: JSONValue = ["slot_start": .string(slot.start.rfc3339)]
        guard await tools.reception.post("/v1/appointments/\(visit.id)/reschedule", body) != nil else { return }
        tools.ledger.promise("/v1/appointments/\(visit.id)")
        for index in visits.indices where visits[index].id == visit.id { visits[index].start = slot.start }
    }

    private mutating func cancel() async throws {
        guard let visit = visits.randomElement(using: &random) else { return }
        let initiator = Bool.random(using: &random) ? "PATIENT" : "CLINIC"
        let body: JSONValue = ["reason": "chaos", "initiated_by": .string(initiator)]
        guard await tools.reception.post("/v1/appointments/\(visit.id)/cancel", body) != nil else { return }
        end(visit, as: "CANCELLED")
    }

    private mutating func prepay() async throws {
        guard let visit = visits.randomElement(using: &random) else { return }
        let body: JSONValue = ["appointment_id": .string(visit.id), "kind": "CONSULTATION"]
        guard let bill = await tools.billing.post("/v1/bills", body) else { return }
        let path = "/v1/bills/\(bill["bill_id"]?.text ?? "")"
        tools.ledger.promise(path)
        guard Int.random(in: 0..<8, using: &random) == 0 else { return await pay(bill) }
        if await tools.billing.post(path + "/void", ["reason": "chaos"]) != nil { tools.ledger.promise(path, finalStatus: "VOID") }
    }

    /// Sees who is due, and has him pay.
    private mutating func attend() async throws {
        let now = try tools.clock.now()
        guard let visit = visits.first(where: { $0.start <= now }) else { return }
        visits.removeAll { $0.id == visit.id }
        if Int.random(in: 0..<8, using: &random) == 0 {
            guard await tools.reception.post("/v1/appointments/\(visit.id)/no-show") != nil else { return }
            return tools.ledger.promise("/v1/appointments/\(visit.id)", finalStatus: "NO_SHOW")
        }
        let doctor = visit.doctor.caller
        guard await doctor.post("/v1/appointments/\(visit.id)/complete") != nil else { return }
        tools.ledger.promise("/v1/appointments/\(visit.id)", finalStatus: "COMPLETED")
        let medication: JSONValue = ["appointment_id": .string(visit.id), "medication": "Loratadine", "dosage": "one", "days": 5]
        if let issued = await doctor.post("/v1/prescriptions", medication) {
            tools.ledger.promise("/v1/prescriptions/\(issued["prescription_id"]?.text ?? "")")
        }
        let bills = await tools.billing.get("/v1/bills", [("appointment_id", visit.id)])?["bills"]?.elements ?? []
        if let bill = bills.first(where: { $0["status"] == "OPEN" }) { await pay(bill) }
    }

    private mutating func pay(_ bill: JSONValue) async {
        guard let amount = bill["amount"], let id = bill["bill_id"] else { return }
        var members = [JSONMember("bill_id", id), JSONMember("amount", amount), JSONMember("method", "CARD")]
        // Some are declined, some captured late, some never answered.
        if let trouble = ["DECLINE", "LATE", "TIMEOUT", nil, nil, nil, nil, nil].randomElement(using: &random), let trouble {
            members.append(JSONMember("reference", .string("\(trouble)-\(UUID().uuidString)")))
        }
        guard let payment = await tools.billing.post("/v1/payments", .object(members)), let payID = payment["payment_id"]?.text else {
            return
        }
        let isCaptured = payment["status"] == "CAPTURED"
        tools.ledger.promise("/v1/payments/\(payID)", finalStatus: isCaptured ? "CAPTURED" : nil)
        guard isCaptured, case .integer(let sum) = amount, Int.random(in: 0..<6, using: &random) == 0 else { return }
        let body: JSONValue = ["amount": .integer(max(1, sum / 10)), "reason": "chaos"]
        if await tools.billing.post("/v1/payments/\(payID)/refunds", body) != nil { tools.ledger.promise("/v1/payments/\(payID)") }
    }

    private mutating func end(_ visit: Visit, as status: String) {
        visits.removeAll { $0.id == visit.id }
        tools.ledger.promise("/v1/appointments/\(visit.id)", finalStatus: status)
    }
}
