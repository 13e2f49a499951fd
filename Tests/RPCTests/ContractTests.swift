import Logging
import NIOCore
import RPC
import Synchronization
import Testing

/// What both sides make of the contract that HELLO names.
@Suite struct ContractTests {
    /// How often a side says that the other has another contract, and whether the call was answered.
    private func told(server: UInt64, client: UInt64) async throws -> (byServer: Int, byClient: Int) {
        let (serverLog, clientLog) = (ToldLines(), ToldLines())
        var serverOptions = RPCServerOptions.patient
        serverOptions.contractFingerprint = server
        var clientOptions = RPCClientOptions.patient
        clientOptions.contractFingerprint = client
        let rpcServer = RPCServer(services: [TestService.echo], options: serverOptions, logger: serverLog.logger)
        let rpcClient = RPCClient(addresses: [try await rpcServer.start()], options: clientOptions, logger: clientLog.logger)
        for _ in 0..<3 { _ = try await rpcClient.call(.echo, ByteBuffer(string: "hello"), CallOptions()) }
        await rpcClient.close()
        await rpcServer.shutdownGracefully(grace: .zero)
        return (serverLog.count(of: "another contract"), clientLog.count(of: "another contract"))
    }

    @Test func `another contract is told once on each side, and refuses nobody`() async throws {
        let told = try await told(server: 0xA, client: 0xB)
        #expect(told == (1, 1))
    }

    @Test(arguments: [(0xA, 0xA), (0, 0xA), (0xA, 0), (0, 0)] as [(UInt64, UInt64)])
    func `the same contract, or one that is not known, is nothing to tell`(server: UInt64, client: UInt64) async throws {
        let told = try await told(server: server, client: client)
        #expect(told == (0, 0))
    }
}

/// What a side has logged.
private final class ToldLines: Sendable {
    private let lines = Mutex<[String]>([])

    var logger: Logger {
        Logger(label: "told") { _ in Handler(told: self) }
    }

    func count(of text: String) -> Int {
        lines.withLock { $0.count { $0.contains(text) } }
    }

    private struct Handler: LogHandler {
        let told: ToldLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.notice

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            told.lines.withLock { $0.append(event.message.description) }
        }
    }
}
