import Contracts
public import HTTP2
import NIOCore
public import NIOHPACK
import RPC

/// Finds what answers a call of gRPC.
public enum GRPCCalls {
    /// Begins a call whose header has come.
    public static func begin(_ fields: HPACKHeaders, on stream: HTTP2Stream, through door: any GRPCDoor) -> (any HTTP2Exchange)? {
        let header: GRPCHeader
        do throws(RPCError) {
            header = try GRPCHeader(fields, metadataLimit: door.limits.metadataByteCount)
        } catch {
            return refuse(error, on: stream)
        }
        let (exchange, method) = exchange(for: header, on: stream, through: door)
        guard let exchange, let method else { return refuse(.unimplemented(header.method), on: stream) }
        exchange.begin(asCallTo: method)
        return exchange
    }

    private static func exchange(for header: GRPCHeader, on stream: HTTP2Stream, through door: any GRPCDoor)
        -> (GRPCExchange?, MethodDescriptor?)
    {
        if let method = door.method(named: header.method) {
            return (MethodExchange(header, to: method, on: stream, through: door), method)
        }
        switch header.method {
        case "\(HealthExchange.service)/Check":
            return (HealthExchange(header, isWatching: false, on: stream, through: door), .health)
        case "\(HealthExchange.service)/Watch":
            return (HealthExchange(header, isWatching: true, on: stream, through: door), .health)
        case "\(ReflectionExchange.services[0])/ServerReflectionInfo", "\(ReflectionExchange.services[1])/ServerReflectionInfo":
            return (ReflectionExchange(header, on: stream, through: door), .reflection)
        default: return (nil, nil)
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

extension MethodDescriptor {
    /// Who may ask for health, and how that is counted.
    static let health = HealthServiceMethods.check
    static let reflection = ReflectionServiceMethods.describe
}
