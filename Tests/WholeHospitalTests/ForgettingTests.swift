import Contracts
import HMSTestKit
import ProtobufC
import RPC
import ServiceKit
import Storage
import Testing
import Vocabulary

/// The right to erasure, proved by strings that only one person has: they are to be found in what the hospital keeps before he
/// is forgotten, and nowhere after.
@Suite(.timeLimit(.minutes(10))) struct ForgettingTests {
    @Test func `nothing of who a forgotten patient was is left in any file or table, and the books stay`() async throws {
        try await WholeHospital.run(configure: { $0.audit = .all }) { whole in
            let person = try await MarkedPerson(whole)
            try await person.goThroughEverything()
            try await whole.settle()
            try await eventually("every string is kept somewhere") {
                try await person.canary.hits(in: whole).filter(\.value.isEmpty).keys.sorted()
            }

            let forgotten = try await person.forget()
            #expect(forgotten.status == .inactive && forgotten.name == "Forgotten" && forgotten.forgottenAt != nil)
            try await whole.settle()
            try await eventually("no string is left anywhere") {
                try await person.canary.hits(in: whole).filter { !$0.value.isEmpty }.map { "\($0.key) in \($0.value.sorted())" }.sorted()
            }

            #expect(try await person.forget() == forgotten)
            #expect(try await person.kept() == Kept(visits: 2, bills: 3, payments: 2, prescriptions: 1))
            for (service, database) in whole.databases {
                let findings = try await database.scan { try $0.verifyAudit(against: []) }
                #expect(findings.breaches.isEmpty, "\(service): \(findings.breaches)")
            }
            #expect(try await person.reasonInAudit() == "He has asked for it in writing")
        }
    }

    @Test func `whoever has a visit to come or owes something is not forgotten, and nothing of him goes`() async throws {
        try await WholeHospital.run { whole in
            let person = try await MarkedPerson(whole)
            let visit = try await person.book(day: 1)
            #expect(await outcome { _ = try await person.forget() } == "PATIENT_HAS_APPOINTMENTS")
            let bill = try await person.bill(visit, "Dressing")
            try await person.cancel(visit, because: "Better")
            #expect(await outcome { _ = try await person.forget() } == "PATIENT_HAS_OPEN_BILLS")
            #expect(try await person.canary.hits(in: whole).values.contains { !$0.isEmpty })
            try await person.void(bill, because: "A mistake")
            #expect(try await person.forget().name == "Forgotten")
        }
    }

    @Test func `a request that is repeated after its patient was forgotten is told so, and makes no second patient`() async throws {
        try await WholeHospital.run { whole in
            let person = try await MarkedPerson(whole)
            _ = try await person.forget()
            #expect(await outcome { _ = try await person.register() } == "PATIENT_INACTIVE")
        }
    }
}

/// Waits for what other parts of the hospital do in their own time, until nothing is missing.
private func eventually(_ what: String, _ missing: () async throws -> [String]) async throws {
    let deadline = ContinuousClock.now + .seconds(120)
    while case let missing = try await missing(), !missing.isEmpty {
        try #require(ContinuousClock.now < deadline, "\(what): \(missing)")
        try await Task.sleep(for: .milliseconds(50))
    }
}
