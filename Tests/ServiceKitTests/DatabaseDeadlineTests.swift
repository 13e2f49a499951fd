import HMSTestKit
import Logging
import NIOCore
import RPC
import ServiceKit
import Storage
import StorageTestKit
import Testing

/// What a call asks of a server is bounded by what its caller grants.
@Suite(.timeLimit(.minutes(2)), .enabled(if: TestServer.isPresent, "HMS_TEST_POSTGRES names no server")) struct DatabaseDeadlineTests {
    @Test(arguments: ["read", "scan", "write"])
    func `a call whose deadline passes in the database is answered so, and its statement ends`(sort: String) async throws {
        let schema = TestServer.makeSchemaName()
        defer { TestServer.drop([schema]) }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let configuration = try #require(try TestServer.configuration(schema: schema))
        let database = try await Database.open(configuration, schema: [], logger: logger)
        let service = SlowService(database: database)
        let channel = InProcessChannel(services: [service], interceptors: [ErrorMapping(logger: logger)])
        let error = await #expect(throws: RPCError.self) {
            try await channel.call(SlowService.sleep, ByteBuffer(string: sort), CallOptions(timeout: .milliseconds(300)))
        }
        #expect(error == .deadlineExceeded)
        while try await isRunning(SlowService.statement(sort), database) { await Task.yield() }
        await database.close()
    }

    private func isRunning(_ statement: String, _ database: Database) async throws -> Bool {
        try await database.read { reader in
            try reader.exists("SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query = ?", [.text(statement)])
        }
    }
}

/// Sleeps in the database.
private struct SlowService: RPCService {
    static let sleep = MethodDescriptor(name: "hms.test.v1.SlowService/Sleep", roles: .anyone)

    let database: Database

    var methods: [MethodDescriptor] { [Self.sleep] }

    static func statement(_ sort: String) -> String { "SELECT 1 AS \(sort) FROM pg_sleep(600)" }

    func call(_ call: ServerCall) async throws -> ServerReply {
        let sort = String(buffer: call.payload)
        let body: @Sendable (Reader) throws -> Bool = { try $0.row(Self.statement(sort)) { $0.bool(0) } ?? false }
        switch sort {
        case "read": _ = try await database.read(body)
        case "scan": _ = try await database.scan(body)
        default: _ = try await database.write(body)
        }
        return ServerReply(payload: ByteBuffer())
    }
}
