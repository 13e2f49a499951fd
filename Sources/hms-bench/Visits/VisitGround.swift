import AsyncHTTPClient
import HospitalClient
import PlainText
import ProcessDriving
import ServiceKit
import Supervision
import Synchronization
import Vocabulary

/// Doctors, patients and free slots enough for a benchmark: each doctor has a patient of his own, and sees him in eight
/// slots of every day.
struct VisitGround: Sendable {
    /// Monday, 2 March 2026, 06:00 in Asia/Kolkata.
    static let firstMorning = Instant(millisecondsSinceEpoch: 1_772_411_400_000)

    private static let doctorCount = 100
    private static let slotsOfDay = 8

    struct Booked: Sendable {
        let id: String
        let doctor: Int
    }

    struct Result {
        var ids: [Booked] = []
        var latencies = Latencies()
        var seconds = 0.0
    }

    private struct Pair: Sendable {
        let doctor: String
        let patient: String
        let caller: HospitalClient
    }

    private let pairs: [Pair]
    private let reception: HospitalClient
    private let billing: HospitalClient
    private let next = NextSlot()

    private final class NextSlot: Sendable {
        private let number = Atomic(0)
        func take() -> Int { number.add(1, ordering: .relaxed).oldValue }

        /// Leaves out what is left of a day, and answers the next one.
        func nextDay(slotsOfDay: Int) -> Int {
            let day = (number.load(ordering: .relaxed) + slotsOfDay - 1) / slotsOfDay
            number.store(day * slotsOfDay, ordering: .relaxed)
            return day
        }
    }

    private final class Countdown: Sendable {
        private let left: Atomic<Int>
        init(from count: Int) { left = Atomic(count) }
        func goesOn() -> Bool { left.subtract(1, ordering: .relaxed).oldValue > 0 }
    }

    static func withGround(
        of hospital: HospitalProcess, connections: Int, withAddresses: Bool = false, _ body: (VisitGround) async throws -> Void
    ) async throws {
        let url = try HospitalURL(hospital.url)
        try await HTTPClient.withHospitalClient(connections: connections) { http in
            let client = { (role: CallerRole, subject: String) in
                let token = try hospital.data.token(subject: subject, role: role, lifetime: .seconds(7_200))
                return HospitalClient(url: url, token: token, http: http)
            }
            let (reception, admin) = (try client(.reception, "desk"), try client(.admin, "admin"))
            var pairs: [Pair] = []
            for number in 0..<doctorCount {
                func email(_ name: String) -> JSONValue { withAddresses ? .string("\(name)\(number)@bench.example") : .null }
                let doctor = try await admin.record(
                    "/v1/doctors",
                    [
                        "name": .string("Doctor \(number)"), "department": "Bench", "specialization": "Speed", "email": email("doctor"),
                    ])
                let patient = try await reception.record(
                    "/v1/patients", ["name": .string("Patient \(number)"), "dob": "1980-01-01", "email": email("patient")])
                let id = doctor["doctor_id"]?.text ?? ""
                pairs.append(Pair(doctor: id, patient: patient["patient_id"]?.text ?? "", caller: try client(.doctor, id)))
            }
            let billing = try client(.billing, "cashier")
            try await body(VisitGround(pairs: pairs, reception: reception, billing: billing))
        }
    }

    private init(pairs: [Pair], reception: HospitalClient, billing: HospitalClient) {
        self.pairs = pairs
        self.reception = reception
        self.billing = billing
    }

    /// Books slots that nobody has booked, by so many clients at once.
    func book(_ count: Int, clients: Int) async throws -> Result {
        let start = ContinuousClock.now
        let left = Countdown(from: count)
        var result = try await withThrowingTaskGroup(of: Result.self) { group in
            for _ in 0..<clients {
                group.addTask {
                    var own = Result()
                    while left.goesOn() { try await bookNext(&own) }
                    return own
                }
            }
            return try await group.reduce(into: Result()) { all, own in
                all.ids += own.ids
                all.latencies.merge(own.latencies)
            }
        }
        result.seconds = (.now - start) / .seconds(1)
        return result
    }

    /// The path of every patient.
    var patientPaths: [String] { pairs.map { "/v1/patients/\($0.patient)" } }

    /// The paths of every doctor's free slots of one day, and of those of the department of all.
    var slotPaths: [String] { pairs.map { "/v1/slots?doctor_id=\($0.doctor)&from=\(Self.quietDay)&to=\(Self.quietDay)" } }
    static let departmentSlotPath = "/v1/slots?department=bench&from=\(quietDay)&to=\(quietDay)"

    /// Long after what is booked, and within the ninety days for which there are slots.
    private static let quietDay = "2026-05-20"

    /// Bookings of slots that nobody has booked, as bodies of their requests.
    func bookings(_ count: Int) -> [String] {
        (0..<count).map { _ in nextBooking().body.compact }
    }

    /// Slots that nobody has booked, as `DOCTOR START`.
    func slots(_ count: Int) -> [String] {
        (0..<count).map { _ in
            let (pair, start) = nextSlot()
            return "\(pairs[pair].doctor) \(start.rfc3339)"
        }
    }

    /// The morning after the last slot that was given out; no other of that day is given out any more.
    func morningAfter() -> Instant {
        Self.firstMorning + .days(next.nextDay(slotsOfDay: pairs.count * Self.slotsOfDay))
    }

    private func bookNext(_ result: inout Result) async throws {
        let (pair, body) = nextBooking()
        let begin = ContinuousClock.now
        let record = try await reception.record("/v1/appointments", body)
        result.latencies.add(.now - begin)
        result.ids.append(Booked(id: record["appointment_id"]?.text ?? "", doctor: pair))
    }

    private func nextBooking() -> (pair: Int, body: JSONValue) {
        let (pair, start) = nextSlot()
        let body: JSONValue = [
            "patient_id": .string(pairs[pair].patient), "doctor_id": .string(pairs[pair].doctor), "department": "Bench",
            "slot_start": .string(start.rfc3339),
        ]
        return (pair, body)
    }

    private func nextSlot() -> (pair: Int, start: Instant) {
        let number = next.take()
        let slot = number / pairs.count
        // From 09:00 on, in half hours.
        let start = Self.firstMorning + .days(slot / Self.slotsOfDay) + .seconds(3 * 3_600 + slot % Self.slotsOfDay * 1_800)
        return (number % pairs.count, start)
    }

    /// Completes visits one after the other, and waits for the bill of each.
    func completeAndAwaitBills(_ visits: [Booked]) async throws -> Latencies {
        var latencies = Latencies()
        for visit in visits {
            _ = try await pairs[visit.doctor].caller.record("/v1/appointments/\(visit.id)/complete", [:], status: 200)
            let completed = ContinuousClock.now
            let query = APIRequest(.get, "/v1/bills", query: [("appointment_id", visit.id)])
            while try await billing.send(query).body?["bills"]?.elements.isEmpty != false {}
            latencies.add(.now - completed)
        }
        return latencies
    }
}

extension HospitalClient {
    /// Any other answer ends the benchmark.
    fileprivate func record(_ path: String, _ body: JSONValue, status: Int = 201) async throws -> JSONValue {
        let reply = try await send(APIRequest(.post, path, body: body))
        guard reply.status == status, let record = reply.body else { throw VisitBenchFailed(reason: "\(path): \(reply.reason)") }
        return record
    }
}

struct VisitBenchFailed: Error, CustomStringConvertible {
    let reason: String
    var description: String { "the benchmark was refused: \(reason)" }
}
