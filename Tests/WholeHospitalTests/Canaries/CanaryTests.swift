import Contracts
import HMSTestKit
import Logging
import PlainText
import ProtobufJSON
import RESTShim
import RPC
import ServiceKit
import Storage
import Testing

/// Canary people go through every method of the contract at both doors, as everybody who may ask and who may not. Nobody finds them in
/// what is told of it: logs, metrics, traces, the pages of operators, the audit.
///
/// Beside the hospital's own lines every request is logged as the contract masks it. So a personal field that is not marked as one is
/// found, and with the mask taken off the same search must find every canary.
@Suite(.timeLimit(.minutes(10))) struct CanaryTests {
    /// What was told, by where.
    private struct Told {
        var places: [(place: String, text: String)] = []

        mutating func add(_ place: String, _ text: String) {
            places.append((place, text))
        }

        var hits: [String] {
            places.flatMap { place, text in
                CanaryTexts.found(in: text).map { "\($0) in \(place): \(text.prefix(400))" }
            }
        }
    }

    @Test func `nobody is found in what is told of people who go through every method`() async throws {
        try await Self.run(masking: true) { told, _ in
            #expect(told.places.count > 20)
            #expect(told.hits.isEmpty, "\(told.hits.prefix(20).joined(separator: "\n"))")
        }
    }

    @Test func `with the mask taken off everybody is found, of every method that hears of a person`() async throws {
        try await Self.run(masking: false) { told, methods in
            let all = told.places.map(\.text).joined(separator: "\n")
            #expect(CanaryTexts.found(in: all).filter(CanaryTexts.said.contains) == CanaryTexts.said)
            #expect(methods.count > 20)
            for method in methods {
                let lines = told.places.filter { $0.text.contains("\"\(method)\"") && $0.text.contains("\"asked\"") }
                #expect(lines.contains { !CanaryTexts.found(in: $0.text).isEmpty }, "\(method) is asked for nobody")
            }
        }
    }

    /// - Parameter look: what was told, and the methods whose requests hold something personal.
    private static func run(masking: Bool, _ look: @escaping (Told, Set<String>) async throws -> Void) async throws {
        try await WholeHospital.run(configure: { $0.audit = .all }) { whole async throws in
            var (told, personal) = (Told(), Set<String>())
            let scene = try await AccessScene.make(in: whole)
            let tokens = try AccessTokens(whole.hospital)
            let log = whole.hospital.log.logger(service: "test")
            try await AccessDoors.open(whole, logger: whole.hospital.log.logger(service: "rest")) { doors async throws in
                for method in Contracts.methods {
                    let row = try #require(AccessMatrixTests.rows[method.name], "\(method.name) has no row")
                    for record in row.records {
                        let plain = try row.request(scene.records(record))
                        let request = try plain.ofCanary()
                        if request.unmasked != plain.unmasked { personal.insert(method.name) }
                        log.info(
                            "asked", metadata: ["method": "\(method.name)", "request": "\(masking ? request.masked : request.unmasked)"])
                        for caller in AccessCaller.allCases {
                            let token = try await caller.token(for: method, tokens, doctorID: scene.own.doctor)
                            let answer = await doors.askByRPC(method, request, token: token)
                            #expect(answer != "INTERNAL", "\(method.name)")
                            _ = try await doors.askByREST(method, request, token: token)
                        }
                    }
                }
                try await requireSomebody(in: whole)
                try await whole.settle()
                try await hear(whole, doors, &told)
            }
            for line in whole.hospital.log.lines { told.add("the log", line) }
            try await look(told, personal)
        }
    }

    /// Canaries have come in: what is looked for below could be found.
    private static func requireSomebody(in whole: WholeHospital) async throws {
        let options = try await whole.options()
        let patients = PatientServiceClient(whole.channel(to: "patient"))
        let found = try await patients.listPatients(ListPatientsRequest(query: CanaryTexts.name), options).patients
        let records = try found.map { String(decoding: try $0.json(), as: UTF8.self) }
        #expect(records.contains { CanaryTexts.found(in: $0).count > 3 }, "\(records)")
        let prescriptions = PrescriptionServiceClient(whole.channel(to: "prescription"))
        let papers = try await prescriptions.listPrescriptions(ListPrescriptionsRequest(pageSize: 500), options).prescriptions
        #expect(papers.contains { $0.medication == CanaryTexts.medication })
    }

    /// What operators and the privacy officer are told, but for the log. Why somebody asks the audit keeps as he wrote it.
    private static func hear(_ whole: WholeHospital, _ doors: AccessDoors, _ told: inout Told) async throws {
        let options = try await whole.options()
        for service in Settings.services {
            let channel = whole.channel(to: service)
            let spans = try await TraceServiceClient(channel).recentSpans(RecentSpansRequest(), options)
            told.add("the spans of \(service)", String(decoding: try spans.json(), as: UTF8.self))
            let overview = try await TraceServiceClient(channel).overview(OverviewRequest(), options)
            told.add("the overview of \(service)", String(decoding: try overview.json(), as: UTF8.self))
            let letters = try await DeadLetterServiceClient(channel).listDeadLetters(ListDeadLettersRequest(pageSize: 500), options)
            told.add("the dead letters of \(service)", String(decoding: try letters.json(), as: UTF8.self))
            told.add("the metrics of \(service)", "\(await whole.metrics(of: service))")
            for var entry in try await whole.auditEntries(of: service) {
                if entry.reason == CanaryTexts.words { entry.reason = "" }
                told.add("the audit of \(service)", "\(entry)")
            }
        }
        let token = try await whole.hospital.token(.admin)
        for path in ["/ops/overview", "/ops/requests", "/ops/dead-letters", "/v1/audit?page_size=500", "/metrics"] {
            let text = try await doors.get(path, token: token)
            told.add(path, text.replacing(#""reason":"\#(CanaryTexts.words)""#, with: ""))
        }
    }
}
