import HMSTestKit
import RPC
import Testing

@testable import ServiceKit

/// What the contract's `own_record` is worth where a handler forgets it.
@Suite(.timeLimit(.minutes(10))) struct OwnershipTests {
    private let hospital: TestHospital
    private let notebook: ServiceAssembly

    init() async throws {
        hospital = try TestHospital()
        notebook = try await hospital.open(Notebook.definition())
    }

    private func outcome(of method: MethodDescriptor, as role: CallerRole, key: String? = nil) async throws -> Outcome {
        await notebook.channel.send("doc_1", to: method, try await hospital.options(role, subject: "doc_1", idempotencyKey: key))
    }

    private func notes() async throws -> String? {
        await notebook.channel.send("", to: Notebook.count, try await hospital.options(.reception)).text
    }

    @Test func `a doctor is served by a handler that asks whose record it is`() async throws {
        #expect(try await outcome(of: Notebook.ownAdd, as: .doctor).code == .ok)
        #expect(try await notes() == "1")
    }

    @Test func `a handler that does not ask shows a doctor nothing, and the log says whose fault it is`() async throws {
        #expect(try await outcome(of: Notebook.carelessRead, as: .doctor).code == .permissionDenied)
        #expect(hospital.log.lines.contains { $0.contains("has not asked") && $0.contains("test.Notebook/CarelessRead") })
    }

    @Test(arguments: [nil, "k1"])
    func `a handler that does not ask changes nothing for a doctor, on a retry neither`(key: String?) async throws {
        for _ in 1...2 { #expect(try await outcome(of: Notebook.carelessAdd, as: .doctor, key: key).code == .permissionDenied) }
        #expect(try await notes() == "0")
    }

    @Test(arguments: [Notebook.ownAdd, Notebook.carelessAdd, Notebook.carelessRead])
    func `other roles own nothing and are not held to it`(method: MethodDescriptor) async throws {
        #expect(try await outcome(of: method, as: .reception).code == .ok)
        #expect(try await outcome(of: method, as: .admin).code == .ok)
    }

    @Test func `a doctor's retry under a key is answered as the first time`() async throws {
        let first = try await outcome(of: Notebook.ownAdd, as: .doctor, key: "k1")
        let again = try await outcome(of: Notebook.ownAdd, as: .doctor, key: "k1")
        #expect(again.text == first.text && again.isReplay && !first.isReplay)
    }
}
