import GRPC
import HTTP2
import NIOCore
import NIOHTTP1
import RPC
import Routes

/// The calls of gRPC over one connection to the public port. They are let in as requests of REST are, by the same token, roles, limits and
/// log, and go to the service as they came.
final class PublicCalls: GRPCDoor {
    let limits: GRPCLimits
    let executor: EventLoopExecutor
    private let core: HTTPServerCore
    private let methods: PublicMethods
    private let seat: OpenConnections.Seat
    private let resources: ConnectionResources
    private let watch: TurnWatch

    init(_ requests: HTTP2Requests) {
        core = requests.core
        methods = core.methods
        seat = requests.seat
        executor = requests.executor
        resources = requests.resources
        watch = requests.watch
        var limits = GRPCLimits()
        limits.messageByteCount = core.limits.bodyByteCount
        limits.requestTimeout = core.limits.bodyTimeout
        limits.readTimeout = core.limits.writeTimeout
        self.limits = limits
    }

    func method(named name: String) -> MethodDescriptor? { methods[name]?.descriptor }

    func hold(_ byteCount: Int) -> Bool {
        guard byteCount < 0 else { return core.bodies.takeAnyway(byteCount, for: seat.address) }
        core.bodies.giveBack(-byteCount, of: seat.address)
        return true
    }

    /// As a request of REST is: by the same room, and the same memory for all bodies.
    func takeOn(_ method: MethodDescriptor, byteCount: Int) -> Bool {
        watch.workBegins()
        guard core.room.enter({ method.priority }) else {
            core.log.note(.shed, on: resources.eventLoop)
            return false
        }
        guard core.bodies.take(byteCount, for: seat.address) else {
            core.room.leave()
            core.log.note(.bodyRefused, on: resources.eventLoop)
            return false
        }
        return true
    }

    func letGo(byteCount: Int) {
        core.bodies.giveBack(byteCount, of: seat.address)
        core.room.leave()
    }

    func isServing(_ service: String) async -> Bool? {
        await methods.isServing(service)
    }

    func services(for admission: GRPCAdmission) async throws -> [String] { methods.services }

    // MARK: Who comes in

    func admit(
        _ header: GRPCHeader, to method: MethodDescriptor, decided: @escaping @Sendable (Result<GRPCAdmission, RPCError>) -> Void
    ) -> Task<Void, Never>? {
        let request = HTTPRequest(RequestHead(header.fields, isWhole: false), body: nil, on: resources)
        var call = PublicCall(method, timeout: header.timeout, request, methods)
        do throws(Problem) {
            if let refusal = core.limits.refusal(of: request.head.line, request.headers) { throw Problem(refusal) }
            guard seat.place == .regular else { throw .overloaded }
            if let wait = methods.rateLimits.wait(of: request) { throw .rateLimited(for: wait) }
            guard !method.roles.contains(.anyone) else {
                decided(.success(try call.admission(of: nil)))
                return nil
            }
            let authorization = request.headers.authorization
            if let caller = try methods.authenticator.admitKnown(authorization, to: method, resources.lastCaller) {
                decided(.success(try call.admission(of: caller)))
                return nil
            }
        } catch {
            decided(.failure(call.refused(error)))
            return nil
        }
        return Task.immediate(executorPreference: executor) { [call, methods, resources] in
            var call = call
            do throws(Problem) {
                let caller = try await methods.authenticator.admit(
                    request.headers.authorization, to: method, resources.lastCaller)
                decided(.success(try call.admission(of: caller)))
            } catch {
                decided(.failure(call.refused(error)))
            }
        }
    }
}

/// One call on its way in.
private struct PublicCall {
    private let method: MethodDescriptor
    private let timeout: Duration?
    private let request: HTTPRequest
    private let methods: PublicMethods
    private var context: RequestContext

    init(_ method: MethodDescriptor, timeout: Duration?, _ request: HTTPRequest, _ methods: PublicMethods) {
        self.method = method
        self.timeout = timeout
        self.request = request
        self.methods = methods
        context = RequestContext(request.head, request.connection.traces)
        context.pattern = "/\(method.name)"
        context.durations = methods[method.name]?.durations
    }

    /// - Parameter caller: nil where nobody has to say who he is.
    mutating func admission(of caller: AdmittedCaller?) throws(Problem) -> GRPCAdmission {
        context.caller = caller
        if let caller, let wait = methods.rateLimits.wait(of: caller, sending: request) { throw .rateLimited(for: wait) }
        let known = methods[method.name]
        if let known, known.channel == nil { throw .unavailable(service: known.service) }
        let options = try methods.transcoder.callOptions(
            to: method, of: caller, for: request, context, timeout: grantedTimeout, takesKey: true)
        return GRPCAdmission(
            channel: known?.channel, options: options, replyMetadata: [MetadataName.correlationID: context.correlationID],
            ended: { [self] in finish($0) })
    }

    mutating func refused(_ problem: Problem) -> RPCError {
        let error = RPCError(problem)
        finish(error, problem.status)
        return error
    }

    /// A stream lasts as long as its caller reads, where he doesn't say how long.
    private var grantedTimeout: Duration? {
        guard !method.isStreamed else { return timeout }
        return min(timeout ?? methods.transcoder.defaultTimeout, methods.transcoder.maximumTimeout)
    }

    private func finish(_ error: RPCError?, _ status: HTTPResponseStatus? = nil) {
        var context = context
        context.code = error?.reason
        let status = status ?? error.map { Problem($0).status } ?? .ok
        let age = context.age
        (context.durations ?? methods.metrics.unrouted).record(status, nanoseconds: age)
        // A stream lasts as long as its reader reads.
        methods.recorder.record(context, .POST, status, after: method.isStreamed ? 0 : age)
        methods.requestLog.note(context, method: .POST, status: status)
    }
}
