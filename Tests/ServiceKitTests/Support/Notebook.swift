import Contracts
import FieldChecks
import NIOCore
import ProtobufC
import RPC
import ServiceKit
import Storage
import Synchronization

/// A service that writes notes down: one method for each thing that a contract can say about idempotency and roles.
struct Notebook: RPCService {
    static let add = MethodDescriptor(name: "test.Notebook/Add", idempotency: .keyOptional, roles: [.reception])
    static let pay = MethodDescriptor(name: "test.Notebook/Pay", idempotency: .keyRequired, roles: [.billing])
    static let count = MethodDescriptor(name: "test.Notebook/Count", idempotency: .readOnly, roles: [.reception, .service])
    static let ping = MethodDescriptor(name: "test.Notebook/Ping", idempotency: .readOnly, roles: [.anyone])
    static let secret = MethodDescriptor(name: "test.Notebook/Secret", roles: [])
    static let deliver = MethodDescriptor(name: "test.Notebook/Deliver", idempotency: .repeatable, roles: [.service])
    static let fail = MethodDescriptor(name: "test.Notebook/Fail", roles: [.reception])
    static let nothing = MethodDescriptor(name: "test.Notebook/Nothing", idempotency: .keyOptional, roles: [.reception])

    static let again = MethodDescriptor(name: "test.Notebook/Again", idempotency: .repeatable, roles: [.reception])
    static let unsaid = MethodDescriptor(name: "test.Notebook/Unsaid", roles: [.reception])
    /// Writes into a doctor's own notes, and asks whose they are: the text is the doctor's id.
    static let ownAdd = MethodDescriptor(
        name: "test.Notebook/OwnAdd", idempotency: .keyOptional, roles: [.doctor, .reception], ownRecord: true)
    /// The same, but forgets to ask.
    static let carelessAdd = MethodDescriptor(
        name: "test.Notebook/CarelessAdd", idempotency: .keyOptional, roles: [.doctor, .reception], ownRecord: true)
    /// Reads, and forgets to ask.
    static let carelessRead = MethodDescriptor(
        name: "test.Notebook/CarelessRead", idempotency: .readOnly, roles: [.doctor, .reception], ownRecord: true)
    /// Takes a `BookAppointmentRequest`.
    static let audited = MethodDescriptor(name: "test.Notebook/Audited", idempotency: .readOnly, roles: [.reception], audit: true)

    let methods = [add, pay, count, ping, secret, deliver, fail, nothing, ownAdd, carelessAdd, carelessRead, audited, again, unsaid]
    let database: Database
    /// What `Fail` throws.
    var failure: any Error = RPCError.internal
    /// Held up before every write.
    var beforeWrite: @Sendable () async throws -> Void = {}

    static func definition(
        failure: any Error = RPCError.internal, beforeWrite: @escaping @Sendable () async throws -> Void = {}
    ) -> ServiceDefinition {
        let notes = Migration(version: 1, name: "notes", sql: "CREATE TABLE notes (number INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        return ServiceDefinition(name: "notebook", schema: [notes]) { resources in
            [Notebook(database: resources.database, failure: failure, beforeWrite: beforeWrite)]
        }
    }

    func call(_ call: ServerCall) async throws -> ServerReply {
        let text = String(buffer: call.payload)
        switch call.context.method {
        case Self.add, Self.pay, Self.carelessAdd, Self.ownAdd, Self.again, Self.unsaid: return reply(try await write(text, call.context))
        case Self.audited: return try await call.answer { (request: BookAppointmentRequest, _) in Note("done") }
        case Self.count: return reply(Note("\(try await count())"))
        case Self.fail: throw failure
        case Self.secret, Self.ping, Self.deliver, Self.nothing, Self.carelessRead: return reply(Note("done \(text)"))
        default: throw RPCError.unimplemented(call.context.method.name)
        }
    }

    private func write(_ text: String, _ context: CallContext) async throws -> Note {
        if text == "refuse" { throw RPCError.invalidArgument("no", violations: [FieldViolation(field: "text", message: "no")]) }
        try await beforeWrite()
        return try await commit(context, on: database) { transaction in
            if context.method == Self.ownAdd { try context.requireOwner(doctorID: text) }
            try transaction.execute("INSERT INTO notes (text) VALUES (?)", [.text(text)])
            return try transaction.row("SELECT max(number) FROM notes") { Note("note \($0.int(0)): \(text)") } ?? Note()
        }
    }

    private func count() async throws -> Int {
        try await database.read { try $0.row("SELECT count(*) FROM notes") { $0.int(0) } } ?? -1
    }

    private func reply(_ note: Note) -> ServerReply {
        ServerReply(payload: ByteBuffer(bytes: note.protobuf()))
    }
}

/// What calling the notebook ended in.
struct Outcome: Equatable, Sendable {
    var text: String?
    var code: StatusCode = .ok
    var reason: String?
    var isReplay = false
    var retryAfter: Duration?
}

extension RPCChannel {
    func send(_ text: String, to method: MethodDescriptor, _ options: CallOptions = CallOptions()) async -> Outcome {
        do {
            let reply = try await call(method, ByteBuffer(string: text), options)
            return Outcome(
                text: try Note(protobuf: Array(reply.payload.readableBytesView)).service,
                isReplay: reply.metadata["idempotent-replayed"] == "true")
        } catch let error as RPCError {
            return Outcome(code: error.code, reason: error.reason, retryAfter: error.retryAfter)
        } catch {
            return Outcome(code: .unknown, reason: "\(error)")
        }
    }
}
