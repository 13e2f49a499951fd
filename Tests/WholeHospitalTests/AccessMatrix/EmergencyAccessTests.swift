import Contracts
import HMSTestKit
import MetricsRegistry
import ProtobufJSON
import RPC
import ServiceKit
import Testing

/// A doctor who reads somebody whom he does not treat says why, and the privacy officer hears of it.
@Suite(.timeLimit(.minutes(10))) struct EmergencyAccessTests {
    private static let reason = "Bewußtlos eingeliefert"
    /// As a client writes it whose headers are ASCII.
    private static let encodedReason = "UTF-8''Bewu%C3%9Ftlos%20eingeliefert"

    @Test func `a doctor who says why is answered of another's patient at both doors, and each time is listed`() async throws {
        try await WholeHospital.run { whole async throws in
            let scene = try await AccessScene.make(in: whole)
            let token = try await whole.hospital.token(.doctor, subject: scene.own.doctor)
            var answered = 0
            try await AccessDoors.open(whole, logger: whole.hospital.log.logger(service: "rest")) { doors async throws in
                for method in Contracts.methods where method.treatment {
                    let row = try #require(AccessMatrixTests.rows[method.name])
                    let request = try row.request(scene.anothers)
                    for reason in [nil, "", "  ", "two\u{7}bells", String(repeating: "x", count: 501)] as [String?] {
                        #expect(await doors.askByRPC(method, request, token: token, because: reason) == "ACCESS_REASON_REQUIRED")
                    }
                    for reason in [Self.reason, Self.encodedReason] {
                        let byRPC = await doors.askByRPC(method, request, token: token, because: reason)
                        let byREST = try await doors.askByREST(method, request, token: token, because: reason)
                        for answer in [byRPC] + byREST { #expect(answer == "OK", "\(method.name)") }
                        answered += 1 + byREST.count
                    }
                    // His own patient's record is no emergency, whatever he says.
                    #expect(await doors.askByRPC(method, try row.request(scene.own), token: token, because: Self.reason) == "OK")
                }
            }
            let audit = AuditServiceClient(whole.channel(to: "patient"))
            let calls = try await audit.listAuditedCalls(ListAuditedCallsRequest(breakGlass: true), try await whole.options()).calls
            #expect(calls.count == answered && answered >= 8)
            #expect(calls.allSatisfy { $0.actor == scene.own.doctor && $0.role == "doctor" && $0.result == "EMERGENCY_ACCESS" })
            #expect(calls.allSatisfy { $0.patientIds == [scene.anothers.patient] && $0.reason == Self.reason })
            // They are counted: neither those who were refused nor his own patients.
            let counted = await whole.metrics(of: "patient").first { $0.name == "hms_emergency_accesses_total" }?.samples.map(\.count)
            #expect(counted == [answered])
            try await Self.expectNowhereElse(whole)
        }
    }

    /// A reason may tell of people: it is for who reads the audit.
    private static func expectNowhereElse(_ whole: WholeHospital) async throws {
        let options = try await whole.options()
        for service in Settings.services {
            let spans = try await TraceServiceClient(whole.channel(to: service)).recentSpans(RecentSpansRequest(), options)
            #expect(!String(decoding: try spans.json(), as: UTF8.self).contains(reason), "the spans of \(service)")
            #expect(!"\(await whole.metrics(of: service))".contains(reason), "the metrics of \(service)")
        }
        let log = whole.hospital.log.lines
        #expect(log.contains { $0.contains("GetPatient") }, "the log is looked at")
        #expect(!log.contains { $0.contains(reason) })
    }
}
