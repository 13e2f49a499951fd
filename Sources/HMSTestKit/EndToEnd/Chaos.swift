import AsyncHTTPClient
import HospitalCommand
import ServiceKit
import Synchronization

/// Clients that create and read patients while the patient service is killed under them.
public struct Chaos: Sendable {
    public var clients: Int
    public var duration: Duration
    public var kills: Int

    public init(clients: Int, duration: Duration, kills: Int) {
        self.clients = clients
        self.duration = duration
        self.kills = kills
    }

    public struct Report: Sendable {
        /// How often each answer was seen: an HTTP status, `timeout`, or what went wrong with the connection.
        public var outcomes: [String: Int] = [:]
        /// Ids of patients whose creation was answered with 201.
        public var acknowledged: [String] = []
        /// Those of them that can't be read afterwards.
        public var lost: [String] = []
        /// From each kill to the first answer of the service.
        public var backAfter: [Duration] = []

        /// Answers that no client should see, kills or not.
        public var unexpected: [String: Int] {
            outcomes.filter { !["200", "201", "503", "504", "timeout"].contains($0.key) }
        }
    }

    public func run(against hospital: HospitalProcess) async throws -> Report {
        let token = try await hospital.data.token(subject: "chaos", role: .reception, lifetime: .seconds(3600))
        let url = try HospitalURL(hospital.url)
        let connections = clients + 16
        return try await HTTPClient.withHospitalClient(connections: connections) { http in
            let client = HospitalClient(url: url, token: token, http: http)
            let record = Record()
            try await withThrowingTaskGroup(of: Void.self) { group in
                let end = ContinuousClock.now + duration
                for number in 0..<clients {
                    group.addTask { await Self.createAndRead(number, client, record, until: end) }
                }
                group.addTask { try await kill(hospital, client, record) }
                try await group.waitForAll()
            }
            try await Self.findLost(client, record)
            return record.report.withLock { $0 }
        }
    }

    private final class Record: Sendable {
        let report = Mutex(Report())

        func note(_ outcome: String, created id: String? = nil) {
            report.withLock { report in
                report.outcomes[outcome, default: 0] += 1
                if let id { report.acknowledged.append(id) }
            }
        }
    }

    private static func createAndRead(
        _ number: Int, _ client: HospitalClient, _ record: Record, until end: ContinuousClock.Instant
    ) async {
        var count = 0
        while ContinuousClock.now < end {
            count += 1
            let body: JSONValue = ["name": .string("Client \(number) Patient \(count)"), "dob": "1980-01-01", "allow_duplicate": true]
            guard let id = await send(APIRequest(.post, "/v1/patients", body: body), client, record) else { continue }
            _ = await send(APIRequest(.get, "/v1/patients/\(id)"), client, record)
        }
    }

    /// The id of the patient in the answer, nil for every other answer.
    private static func send(_ request: APIRequest, _ client: HospitalClient, _ record: Record) async -> String? {
        do {
            let reply = try await client.send(request)
            let id = reply.body?["patient_id"]?.text
            record.note("\(reply.status)", created: reply.status == 201 ? id : nil)
            return id
        } catch let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout {
            record.note("timeout")
        } catch {
            record.note("\(error)")
        }
        return nil
    }

    private func kill(_ hospital: HospitalProcess, _ client: HospitalClient, _ record: Record) async throws {
        for _ in 0..<kills {
            try await Task.sleep(for: duration / (kills + 1))
            let start = ContinuousClock.now
            hospital.kill("patient")
            // The first answers may be those of calls that the old process still held: none comes from it after its end.
            while try await client.send(APIRequest(.get, "/v1/patients", query: [("page_size", "1")])).status != 200 {
                try await Task.sleep(for: .milliseconds(5))
            }
            record.report.withLock { $0.backAfter.append(.now - start) }
        }
    }

    private static func findLost(_ client: HospitalClient, _ record: Record) async throws {
        let sender = PersistentSender(client: client)
        try await withThrowingTaskGroup(of: String?.self) { group in
            var underWay = 0
            for id in record.report.withLock({ $0.acknowledged }) {
                if underWay >= 16 { note(try await group.next() ?? nil, record) } else { underWay += 1 }
                group.addTask {
                    guard case .answered(let reply, _) = try await sender.send(APIRequest(.get, "/v1/patients/\(id)")),
                        reply.status == 200
                    else { return id }
                    return nil
                }
            }
            for try await lost in group { note(lost, record) }
        }
    }

    private static func note(_ lost: String?, _ record: Record) {
        if let lost { record.report.withLock { $0.lost.append(lost) } }
    }
}
