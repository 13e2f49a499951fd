import Contracts
public import HTTP2
import NIOCore
import RPC

/// Finds what answers a call of gRPC.
public enum GRPCCalls {
    /// Whether a request is a call of gRPC.
    public static func isAnnounced(by header: ReceivedHeader) -> Bool {
        header.reading is GRPCReading || GRPCHeader.announces(header.fields)
    }

    /// Begins a call whose header has come.
    public static func begin(_ header: ReceivedHeader, on stream: HTTP2Stream, through door: any GRPCDoor) -> (any HTTP2Exchange)? {
        let reading: GRPCReading
        do throws(RPCError) {
            reading = try GRPCReading.of(header, through: door)
        } catch {
            return refuse(error, on: stream)
        }
        guard let method = reading.method else { return refuse(.unimplemented(reading.header.method), on: stream) }
        let exchange = exchange(for: reading, method, on: stream, through: door)
        exchange.begin(asCallTo: method)
        return exchange
    }

    private static func exchange(
        for reading: GRPCReading, _ method: MethodDescriptor, on stream: HTTP2Stream, through door: any GRPCDoor
    ) -> GRPCExchange {
        switch reading.target {
        case .method, .nothing: MethodExchange(reading.header, to: method, on: stream, through: door)
        case .health(let isWatching): HealthExchange(reading.header, isWatching: isWatching, on: stream, through: door)
        case .reflection: ReflectionExchange(reading.header, on: stream, through: door)
        }
    }

    private static func refuse(_ error: RPCError, on stream: HTTP2Stream) -> (any HTTP2Exchange)? {
        stream.send(StatusTrailers.fields(error, isWholeAnswer: true), isEnd: true)
        return ignoring
    }

    /// What still comes of a request that is refused is of no interest.
    static var ignoring: any HTTP2Exchange { Refused() }

    private final class Refused: HTTP2Exchange {
        func received(_ bytes: ByteBuffer) {}
        func requestEnded() {}
        func timePassed() {}
        func closed() {}
    }
}

/// What a header says to gRPC, and what it calls. Read once for all calls that begin with the same header over one connection.
final class GRPCReading {
    enum Target {
        case method(MethodDescriptor)
        case health(isWatching: Bool)
        case reflection
        case nothing
    }

    let header: GRPCHeader
    let target: Target

    private init(_ header: GRPCHeader, _ target: Target) {
        self.header = header
        self.target = target
    }

    static func of(_ received: ReceivedHeader, through door: any GRPCDoor) throws(RPCError) -> GRPCReading {
        if let known = received.reading as? GRPCReading { return known }
        let header = try GRPCHeader(received.fields, metadataLimit: door.limits.metadataByteCount)
        let reading = GRPCReading(header, target(of: header.method, through: door))
        received.reading = reading
        return reading
    }

    /// What the call is counted as, and who may make it; nil where nothing answers.
    var method: MethodDescriptor? {
        switch target {
        case .method(let method): method
        case .health: HealthServiceMethods.check
        case .reflection: ReflectionServiceMethods.describe
        case .nothing: nil
        }
    }

    private static func target(of name: String, through door: any GRPCDoor) -> Target {
        if let method = door.method(named: name) { return .method(method) }
        switch name {
        case "\(HealthExchange.service)/Check": return .health(isWatching: false)
        case "\(HealthExchange.service)/Watch": return .health(isWatching: true)
        case "\(ReflectionExchange.services[0])/ServerReflectionInfo", "\(ReflectionExchange.services[1])/ServerReflectionInfo":
            return .reflection
        default: return .nothing
        }
    }
}
