import Contracts
import HTTP2
import NIOCore
public import RPC

/// gRPC at a service's own port: the calls go to the table that our own protocol calls.
public struct GRPCPort: PortSharing {
    public init() {}

    public func share(_ port: SharedPort) throws {
        let choice = ProtocolChoice { choice, channel in
            let calls = PortCalls(try port.takeOver(), port.options)
            try HTTP2Connection.setUp(channel, behind: choice, port.options.http2Limits, acceptor: calls)
        }
        try port.channel.pipeline.syncOperations.addHandler(choice)
    }
}

/// The calls over one connection to a service's port.
private final class PortCalls: HTTP2Acceptor, GRPCDoor {
    let limits: GRPCLimits
    private let channel: ServedChannel
    private let maximumAge: Duration?
    private let ageGrace: Duration

    init(_ channel: ServedChannel, _ options: RPCServerOptions) {
        self.channel = channel
        limits = options.grpcLimits
        maximumAge = options.maximumConnectionAge.map { $0 * Double.random(in: 0.9...1.1) }
        ageGrace = options.ageGrace
    }

    var executor: EventLoopExecutor { channel.executor }

    // MARK: The connection

    func began(_ connection: HTTP2Connection) {
        guard let maximumAge else { return }
        let age = executor.eventLoop.assumeIsolated().scheduleTask(in: maximumAge.timeAmount) { [weak connection, ageGrace] in
            connection?.drain(grace: ageGrace.timeAmount)
        }
        connection.whenClosed { age.cancel() }
    }

    func begin(_ header: ReceivedHeader, on stream: HTTP2Stream) -> (any HTTP2Exchange)? {
        guard GRPCCalls.isAnnounced(by: header) else {
            stream.send([":status": "415", "content-length": "0"], isEnd: true)
            return GRPCCalls.ignoring
        }
        return GRPCCalls.begin(header, on: stream, through: self)
    }

    func work() -> Bool { true }
    func rest() {}

    func received(event: Any, of connection: HTTP2Connection) {
        if let request = event as? DrainRequest { connection.drain(grace: request.grace.timeAmount) }
    }

    // MARK: Calls

    func method(named name: String) -> MethodDescriptor? { channel.method(named: name) }

    /// What stands around every call lets it in, or doesn't.
    func admitAtOnce(_ header: GRPCHeader, to method: MethodDescriptor) -> Result<GRPCAdmission, RPCError>? {
        let options = CallOptions(timeout: header.timeout, metadata: header.metadata, trace: header.trace)
        return .success(GRPCAdmission(channel: channel, options: options))
    }

    func hold(_ byteCount: Int) -> Bool { channel.hold(byteCount) }

    /// The service's own port counts calls itself.
    func takeOn(_ method: MethodDescriptor, byteCount: Int) -> Bool { true }

    func letGo(byteCount: Int) {}

    func isServing(_ service: String) async -> Bool? {
        guard service.isEmpty || channel.servesService(named: service) else { return nil }
        let answer = try? await HealthServiceClient(channel).check(CheckRequest())
        return answer?.status == .serving
    }

    func services(for admission: GRPCAdmission) async throws -> [String] {
        let answer = try await ReflectionServiceClient(channel).describe(DescribeRequest(), admission.options)
        return Set(answer.methods.compactMap { $0.split(separator: "/").first.map(String.init) }).sorted()
    }
}

extension RPCServerOptions {
    fileprivate var grpcLimits: GRPCLimits {
        var limits = GRPCLimits()
        limits.messageByteCount = self.limits.maximumMessageBytes
        limits.metadataByteCount = self.limits.maximumMetadataBytes
        limits.requestTimeout = self.limits.frameTimeout.timeAmount
        limits.readTimeout = self.limits.slowReaderTimeout.timeAmount
        return limits
    }

    fileprivate var http2Limits: HTTP2Limits {
        var limits = HTTP2Limits()
        limits.streamCount = min(self.limits.maximumCallsInFlight, 256)
        limits.unreadByteCount = self.limits.outboundHighWaterBytes
        limits.firstStreamTimeout = idleTimeout.timeAmount
        limits.idleTimeout = idleTimeout.timeAmount
        limits.writeTimeout = self.limits.slowReaderTimeout.timeAmount
        limits.lingerTimeout = self.limits.closeTimeout.timeAmount
        return limits
    }
}
