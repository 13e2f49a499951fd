import Contracts
import HMSTestKit
import RPC
import Testing

/// Every method, asked by everybody for everybody's records, at both doors of a whole hospital. What must come of it is what the
/// contract says of roles, and what the method's row says of ownership.
@Suite(.timeLimit(.minutes(10))) struct AccessMatrixTests {
    static let rows: [String: AccessRow] = [people, doctors, visits, money, prescriptions, news, plumbing]
        .reduce(into: [:]) { $0.merge($1) { first, _ in first } }

    @Test func `every method has its row, and no row is left over`() {
        #expect(Set(Contracts.methods.map(\.name)).symmetricDifference(Self.rows.keys).sorted() == [])
    }

    @Test func `a method whose handler asks whose record it is has a row that says so`() {
        for method in Contracts.methods where method.ownRecord {
            #expect(Self.rows[method.name]?.isForItsDoctorOnly == true, "\(method.name)")
        }
    }

    @Test func `a method that asks doctors why has a row that says so`() {
        for method in Contracts.methods {
            #expect(Self.rows[method.name]?.asksDoctorsWhy == method.treatment, "\(method.name)")
        }
    }

    @Test func `everybody is answered as contract and row say, by RPC and by REST`() async throws {
        try await WholeHospital.run { whole async throws in
            let scene = try await AccessScene.make(in: whole)
            let tokens = try AccessTokens(whole.hospital)
            var wrong: [String] = []
            var asked = 0
            try await AccessDoors.open(whole) { doors async throws in
                for method in Contracts.methods {
                    let row = try #require(Self.rows[method.name], "\(method.name) has no row")
                    for record in row.records {
                        let request = try row.request(scene.records(record))
                        for caller in AccessCaller.allCases {
                            let token = try await caller.token(for: method, tokens, doctorID: scene.own.doctor)
                            let expected = row.answer(of: method, to: caller, naming: record)
                            let byRPC = await doors.askByRPC(method, request, token: token)
                            let byREST = try await doors.askByREST(method, request, token: token)
                            asked += 1 + byREST.count
                            for answer in [byRPC] + byREST where answer != expected {
                                wrong.append("\(method.name) as \(caller) of \(record): \(answer) instead of \(expected ?? "nothing")")
                            }
                        }
                    }
                }
            }
            #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
            #expect(asked >= Contracts.methods.count * AccessCaller.allCases.count)
        }
    }
}
