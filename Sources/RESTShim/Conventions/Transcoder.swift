import Logging
import NIOCore
import NIOHTTP1
import RPC

/// A request that has found its route.
struct TranscodedCall {
    let request: HTTPRequest
    let target: RequestTarget
    /// What stands in the path's parameters, in their order.
    let parameters: [String]
    let route: TranscodedRoute
    let caller: AdmittedCaller
}

/// Turns a request into a call and its reply into an answer. Every convention of the public API stands here, once for
/// all routes, in the order in which a request meets them.
struct Transcoder: Sendable {
    let defaultTimeout: Duration
    let maximumTimeout: Duration
    let logger: Logger

    func answer(_ call: TranscodedCall, _ exchange: Exchange) async throws(Problem) -> HTTPResponse {
        let route = call.route.route
        let input = try call.input()
        let versions = try call.expectedVersions()
        let options = try callOptions(call, exchange)
        guard let channel = call.route.channel else { throw .unavailable(service: call.route.service) }
        let reply = try await send(input, expecting: versions, to: channel, for: route, options)
        return try call.response(decode(reply.payload, for: route), reply.metadata)
    }

    /// A change that may be made to any of several versions is tried on one after the other, the oldest first: versions only
    /// grow, so none that comes true meanwhile is missed.
    private func send(
        _ input: RouteInput, expecting versions: [Int64], to channel: any RPCChannel, for route: Route, _ options: CallOptions
    ) async throws(Problem) -> ClientReply {
        var input = input
        for version in versions.dropLast() {
            input.expectedVersion = version
            do {
                return try await send(try encode(input, for: route), to: channel, for: route, options)
            } catch {
                guard error.code == Problem.versionMismatch.code else { throw error }
            }
        }
        input.expectedVersion = versions.last
        return try await send(try encode(input, for: route), to: channel, for: route, options)
    }

    /// What travels beside the message: the caller's token, key, correlation id and trace, and the time he gives us.
    private func callOptions(_ call: TranscodedCall, _ exchange: Exchange) throws(Problem) -> CallOptions {
        let request = call.request
        var options = CallOptions(timeout: try timeout(request.headers), trace: exchange.trace)
        options.metadata = Metadata(reservingByteCount: call.caller.authorization.utf8.count + 256)
        options.metadata[MetadataName.correlationID] = exchange.correlationID
        options.metadata[MetadataName.authorization] = call.caller.authorization
        if request.method == .POST {
            options.metadata[MetadataName.idempotencyKey] = try idempotencyKey(request.headers)
        }
        return options
    }

    private func timeout(_ headers: RequestHeaders) throws(Problem) -> Duration {
        guard let text = headers.timeout else { return defaultTimeout }
        let most = maximumTimeout.milliseconds
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let milliseconds = Int64(text), (1...most).contains(milliseconds) else {
            throw .invalid(field: "X-Timeout-Ms", "must be a whole number from 1 to \(most)")
        }
        return .milliseconds(milliseconds)
    }

    private func idempotencyKey(_ headers: RequestHeaders) throws(Problem) -> String? {
        guard let key = headers.idempotencyKey else { return nil }
        guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw .invalid(field: "Idempotency-Key", "must be 1 to 255 printable ASCII characters")
        }
        return key
    }

    private func encode(_ input: RouteInput, for route: Route) throws(Problem) -> ByteBuffer {
        do {
            return try route.encodeRequest(input)
        } catch let error as InvalidRequest {
            throw .invalid("The request isn't what this path takes.", violations: error.violations)
        } catch {
            throw unexpected(error, route)
        }
    }

    private func send(
        _ payload: ByteBuffer, to channel: any RPCChannel, for route: Route, _ options: CallOptions
    ) async throws(Problem) -> ClientReply {
        do {
            return try await channel.call(route.method, payload, options)
        } catch let error as RPCError {
            if error.code == .unavailable {
                logger.warning("Call failed", metadata: ["method": "\(route.method.name)", "error": "\(error)"])
            }
            throw Problem(error).withFields(namedAsIn: route)
        } catch {
            throw unexpected(error, route)
        }
    }

    private func decode(_ payload: ByteBuffer, for route: Route) throws(Problem) -> RouteOutput {
        do {
            return try route.decodeResponse(payload)
        } catch {
            throw unexpected(error, route)
        }
    }

    /// What a caller can't cause stands whole in the log, and nowhere else.
    private func unexpected(_ error: any Error, _ route: Route) -> Problem {
        logger.error("Transcoding failed", metadata: ["method": "\(route.method.name)", "error": "\(error)"])
        return .internal
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
