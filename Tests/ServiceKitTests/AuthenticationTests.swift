import HMSTestKit
import RPC
import Testing
import Vocabulary

@testable import ServiceKit

@Suite(.timeLimit(.minutes(10))) struct AuthenticationTests {
    private let hospital: TestHospital
    private let notebook: ServiceAssembly

    init() async throws {
        hospital = try TestHospital()
        notebook = try await hospital.open(Notebook.definition())
    }

    private func outcome(of method: MethodDescriptor, as role: CallerRole) async throws -> Outcome {
        await notebook.channel.send("x", to: method, try await hospital.options(role, idempotencyKey: "k"))
    }

    @Test(arguments: CallerRole.allCases)
    func `a method that names no role is refused to everybody`(role: CallerRole) async throws {
        #expect(try await outcome(of: Notebook.secret, as: role).reason == "PERMISSION_DENIED")
    }

    @Test(arguments: CallerRole.allCases)
    func `a method is open to the roles that it names and, if people may call it, to administrators`(role: CallerRole) async throws {
        let allowed: [MethodDescriptor: Set<CallerRole>] = [
            Notebook.add: [.reception, .admin], Notebook.pay: [.billing, .admin], Notebook.count: [.reception, .service, .admin],
            Notebook.deliver: [.service], Notebook.ping: Set(CallerRole.allCases),
        ]
        for (method, roles) in allowed {
            let outcome = try await outcome(of: method, as: role)
            #expect((outcome.code == .ok) == roles.contains(role), "\(method.name) as \(role): \(outcome)")
            if !roles.contains(role) { #expect(outcome.code == .permissionDenied) }
        }
    }

    @Test(arguments: [Notebook.add, Notebook.secret, Notebook.deliver])
    func `without a token a call is unauthenticated, not forbidden`(method: MethodDescriptor) async {
        #expect(await notebook.channel.send("x", to: method) == Outcome(code: .unauthenticated, reason: "UNAUTHENTICATED"))
    }

    @Test(arguments: ["", "Bearer", "Bearer ", "Basic abc", "bearer x", "Bearer x.y.z"])
    func `what is no bearer token is unauthenticated`(authorization: String) async {
        let options = CallOptions(metadata: [MetadataName.authorization: authorization])
        #expect(await notebook.channel.send("x", to: Notebook.add, options).code == .unauthenticated)
    }

    @Test(arguments: ["bearer", "BEARER", "bEaReR"], [" ", "   ", "\t"])
    func `the scheme is read in any case, before any space`(scheme: String, space: String) async throws {
        let token = try await hospital.token(.reception)
        let options = CallOptions(metadata: [MetadataName.authorization: "\(scheme)\(space)\(token)"])
        #expect(await notebook.channel.send("x", to: Notebook.count, options).code == .ok)
    }

    @Test func `a method for anyone needs no token and does not look at one`() async {
        #expect(await notebook.channel.send("x", to: Notebook.ping).text == "done x")
        let options = CallOptions(metadata: [MetadataName.authorization: "Bearer nonsense"])
        #expect(await notebook.channel.send("x", to: Notebook.ping, options).text == "done x")
    }

    @Test func `a refused call has no effect`() async throws {
        _ = try await outcome(of: Notebook.add, as: .billing)
        _ = try await outcome(of: Notebook.add, as: .service)
        #expect(try await outcome(of: Notebook.count, as: .reception).text == "0")
    }

    @Test func `every set of roles permits whom it names, and administrators where it names a person`() {
        for bits in UInt8.min ... .max {
            let roles = RoleSet(rawValue: bits)
            for role in CallerRole.allCases {
                let isNamed = roles.contains(role.set) || roles.contains(.anyone)
                let isForPeople = !roles.isDisjoint(with: [.reception, .doctor, .billing, .admin])
                #expect(roles.permits(role.set) == (isNamed || role == .admin && isForPeople))
            }
        }
    }

    @Test func `a doctor owns what is his only, and other roles are not asked`() {
        let context = CallContext(method: Notebook.add)
        context.principal = Principal(subject: "doc_1", role: .doctor)
        #expect(throws: Never.self) { try context.requireOwner(doctorID: "doc_1") }
        let error = #expect(throws: RPCError.self) { try context.requireOwner(doctorID: "doc_2") }
        #expect(error?.code == .permissionDenied)
        for role in CallerRole.allCases where role != .doctor {
            context.principal = Principal(subject: "doc_1", role: role.set)
            #expect(throws: Never.self) { try context.requireOwner(doctorID: "doc_2") }
        }
    }
}
