import Logging
import NIOCore

/// A method, its service, and the interceptors between that concern it, the first outermost: put together once.
package final class ServedMethod: Sendable {
    /// How far a call came before it had to wait for something.
    enum Beginning {
        case ended(Response)
        case waits(at: Pause)
    }

    /// Where a call goes on that waits.
    enum Pause {
        /// On its way in, before a filter.
        case entering(Int)
        /// On its way out: so many filters are to be left yet, and the last of them has something to wait for.
        case reviewing(Int, Result<ServerReply, any Error>)
    }

    private typealias Handler = @Sendable (ServerCall) async throws -> ServerReply
    private typealias Outcome = Result<ServerReply, any Error>

    package let descriptor: MethodDescriptor
    private let service: any RPCService
    /// The outermost interceptors, as far as they are filters.
    private let filters: [any ServerFilter]
    /// Those of the filters that may have to wait when a call has ended, each in its place.
    private let reviews: [(any ServerReview)?]
    /// Those of the reviews that need no task.
    private let holds: [(any ServerHold)?]
    /// The service behind all other interceptors; nil where there are none.
    private let handler: Handler?
    private let logger: Logger

    init(_ descriptor: MethodDescriptor, of service: any RPCService, behind interceptors: [any ServerInterceptor], logger: Logger) {
        self.descriptor = descriptor
        self.service = service
        self.logger = logger
        let concerned = interceptors.filter { $0.concerns(descriptor) }
        filters = concerned.map { $0 as? any ServerFilter }.prefix { $0 != nil }.compactMap { $0?.prepared(for: descriptor) }
        reviews = filters.map { $0 as? any ServerReview }
        holds = filters.map { $0 as? any ServerHold }
        handler = concerned.dropFirst(filters.count).reversed().reduce(nil as Handler?) { next, interceptor in
            let next = next ?? { try await service.call($0) }
            return { try await interceptor.intercept($0, next: next) }
        }
    }

    /// Runs a call as far as it gets without waiting: mostly to its end.
    func begin(_ call: ServerCall) -> Beginning {
        guard call.context.isSampled else { return beginUnseen(call) }
        return SampledCall.$current.withValue(call.context) { beginUnseen(call) }
    }

    private func beginUnseen(_ call: ServerCall) -> Beginning {
        var entered = 0
        do {
            for filter in filters {
                guard try filter.enter(call) else { return .waits(at: .entering(entered)) }
                entered += 1
            }
            guard handler == nil, let reply = try service.answerAtOnce(call) else { return .waits(at: .entering(entered)) }
            return end(call, in: .success(reply), after: entered)
        } catch {
            return end(call, in: .failure(error), after: entered)
        }
    }

    /// Leaves the filters as far as that waits for nothing.
    private func end(_ call: ServerCall, in end: Outcome, after entered: Int) -> Beginning {
        var outcome = end
        call.context.returnedAt = .now()
        for place in filters.indices.prefix(entered).reversed() {
            filters[place].leave(call, &outcome)
            guard let review = reviews[place], review.reviews(call, outcome) else { continue }
            return .waits(at: .reviewing(place + 1, outcome.standingAlone))
        }
        return .ended(response(to: call, endingIn: outcome))
    }

    /// Lets a call wait that needs no task to: `then` is told, on whatever thread, what ``release(_:from:_:)`` is to be asked with.
    /// False, with nothing done, where it needs one.
    func hold(_ call: ServerCall, at pause: Pause, then: @escaping @Sendable (Result<ServerReply, any Error>) -> Void) -> Bool {
        guard case .reviewing(let entered, let outcome) = pause, let hold = holds[entered - 1] else { return false }
        hold.hold(call, outcome, then: then)
        return true
    }

    /// Lets a call go on that was held, as far as it gets without waiting.
    func release(_ call: ServerCall, from pause: Pause, _ outcome: Result<ServerReply, any Error>) -> Beginning {
        guard case .reviewing(let entered, _) = pause else { return .waits(at: pause) }
        guard call.context.isSampled else { return end(call, in: outcome, after: entered - 1) }
        return SampledCall.$current.withValue(call.context) { end(call, in: outcome, after: entered - 1) }
    }

    /// Runs a call to its end that had to wait.
    func goOn(_ call: ServerCall, from pause: Pause) async -> Response {
        guard call.context.isSampled else { return await goOnUnseen(call, from: pause) }
        return await SampledCall.$current.withValue(call.context) { await goOnUnseen(call, from: pause) }
    }

    private func goOnUnseen(_ call: ServerCall, from pause: Pause) async -> Response {
        switch pause {
        case .entering(let place): return await enter(call, from: place)
        case .reviewing(let entered, var outcome):
            await reviews[entered - 1]?.review(call, &outcome)
            call.context.returnedAt = .now()
            return await leave(call, endingIn: outcome, after: entered - 1)
        }
    }

    private func enter(_ call: ServerCall, from place: Int) async -> Response {
        var entered = place
        do {
            while entered < filters.count {
                let filter = filters[entered]
                if try !filter.enter(call) { try await filter.enterWaiting(call) }
                entered += 1
            }
            let reply = if let handler { try await handler(call) } else { try await service.call(call) }
            call.context.returnedAt = .now()
            return await leave(call, endingIn: .success(reply), after: entered)
        } catch {
            call.context.returnedAt = .now()
            return await leave(call, endingIn: .failure(error), after: entered)
        }
    }

    private func leave(_ call: ServerCall, endingIn end: Outcome, after entered: Int) async -> Response {
        var outcome = end
        for place in filters.indices.prefix(entered).reversed() {
            filters[place].leave(call, &outcome)
            guard let review = reviews[place], review.reviews(call, outcome) else { continue }
            await review.review(call, &outcome)
            call.context.returnedAt = .now()
        }
        return response(to: call, endingIn: outcome)
    }

    /// Runs a call to its end that came over no connection.
    package func run(_ call: ServerCall) async -> Result<ServerReply, RPCError> {
        let response =
            switch begin(call) {
            case .ended(let response): response
            case .waits(let pause): await goOn(call, from: pause)
            }
        return switch response.outcome {
        case .message(let payload): .success(ServerReply(payload: payload, metadata: response.metadata))
        case .error(let error): .failure(error)
        }
    }

    private func response(to call: ServerCall, endingIn outcome: Outcome) -> Response {
        switch outcome {
        case .success(let reply):
            var metadata = reply.metadata
            metadata.merge(call.context.replyMetadata)
            return Response(outcome: .message(message(of: reply, to: call)), metadata: metadata)
        case .failure(let error):
            return Response(outcome: .error(rpcError(of: error, in: call.context)), metadata: call.context.replyMetadata)
        }
    }

    /// Nothing where the message stands in the call's frame, which is told that it counts.
    private func message(of reply: ServerReply, to call: ServerCall) -> ByteBuffer {
        guard reply.isPacked else { return reply.payload }
        call.responseFrame?.holdsReply = true
        return ByteBuffer()
    }

    /// What the caller learns of an error that ended his call. What isn't an ``RPCError`` is for the log only.
    private func rpcError(of error: any Error, in context: CallContext) -> RPCError {
        if let error = error as? RPCError { return error }
        if error is CancellationError { return context.deadline.hasPassed ? .deadlineExceeded : .cancelled }
        logger.error(
            "a call failed unexpectedly",
            metadata: ["method": "\(context.method.name)", "correlation_id": "\(context.correlationID)", "error": "\(error)"])
        return .internal
    }
}

extension Result<ServerReply, any Error> {
    /// The same without the frame in which the reply was packed: other frames go first.
    fileprivate var standingAlone: Self {
        guard case .success(var reply) = self, reply.isPacked else { return self }
        reply.payload = ByteBuffer(bytes: reply.payload.readableBytesView)
        return .success(reply)
    }
}
