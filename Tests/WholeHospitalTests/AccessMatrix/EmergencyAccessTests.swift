import Contracts
import HMSTestKit
import RPC
import ServiceKit
import Testing

/// A doctor who reads somebody whom he does not treat says why, and the privacy officer hears of it.
@Suite(.timeLimit(.minutes(10))) struct EmergencyAccessTests {
    private static let reason = "Brought in unconscious"

    @Test func `a doctor who says why is answered of another's patient at both doors, and each time is listed`() async throws {
        try await WholeHospital.run { whole async throws in
            let scene = try await AccessScene.make(in: whole)
            let token = try await whole.hospital.token(.doctor, subject: scene.own.doctor)
            var answered = 0
            try await AccessDoors.open(whole) { doors async throws in
                for method in Contracts.methods where method.treatment {
                    let row = try #require(AccessMatrixTests.rows[method.name])
                    let request = try row.request(scene.anothers)
                    for reason in [nil, "", "  ", "two\u{7}bells", String(repeating: "x", count: 501)] as [String?] {
                        #expect(await doors.askByRPC(method, request, token: token, because: reason) == "ACCESS_REASON_REQUIRED")
                    }
                    let byRPC = await doors.askByRPC(method, request, token: token, because: Self.reason)
                    let byREST = try await doors.askByREST(method, request, token: token, because: Self.reason)
                    for answer in [byRPC] + byREST { #expect(answer == "OK", "\(method.name)") }
                    answered += 1 + byREST.count
                    // His own patient's record is no emergency, whatever he says.
                    #expect(await doors.askByRPC(method, try row.request(scene.own), token: token, because: Self.reason) == "OK")
                }
            }
            let audit = AuditServiceClient(whole.channel(to: "patient"))
            let calls = try await audit.listAuditedCalls(ListAuditedCallsRequest(breakGlass: true), try await whole.options()).calls
            #expect(calls.count == answered && answered >= 4)
            #expect(calls.allSatisfy { $0.actor == scene.own.doctor && $0.role == "doctor" && $0.result == "EMERGENCY_ACCESS" })
            #expect(calls.allSatisfy { $0.patientIds == [scene.anothers.patient] && $0.reason == Self.reason })
        }
    }
}
