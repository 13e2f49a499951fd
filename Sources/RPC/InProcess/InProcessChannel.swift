public import Logging
public import NIOCore
import Synchronization

/// Calls services without a socket: the same interceptors, errors, deadlines and cancellation as over one.
public struct InProcessChannel: RPCChannel {
    private let table: ServiceTable
    private let defaultTimeout: Duration

    /// `defaultTimeout` holds for calls that name none. `logger` gets what callers must not see of unexpected errors.
    public init(
        services: [any RPCService], interceptors: [any ServerInterceptor] = [], defaultTimeout: Duration = .seconds(10),
        logger: Logger = Logger(label: "rpc")
    ) {
        table = ServiceTable(services: services, interceptors: interceptors, logger: logger)
        self.defaultTimeout = defaultTimeout
    }

    public func call(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) async throws -> ClientReply {
        guard let served = table.method(method.id) else { throw RPCError.unimplemented(method.name) }
        let timeout = options.timeout ?? defaultTimeout
        guard timeout > .zero else { throw RPCError.deadlineExceeded }
        let context = CallContext(
            method: served.descriptor, deadline: .after(timeout), metadata: options.metadata, trace: options.trace ?? .fresh())
        let answer = FirstAnswer()
        let handler = Task { answer.give(await reply(to: ServerCall(context: context, payload: payload), of: served)) }
        let timer = Task {
            guard (try? await Task.sleep(for: timeout)) != nil else { return }
            answer.give(.failure(.deadlineExceeded))
            handler.cancel()
        }
        defer { timer.cancel() }
        return try await withTaskCancellationHandler {
            await answer.value()
        } onCancel: {
            answer.give(.failure(.cancelled))
            handler.cancel()
        }.get()
    }

    private func reply(to call: ServerCall, of method: ServedMethod) async -> Result<ClientReply, RPCError> {
        let response =
            switch method.begin(call) {
            case .ended(let response): response
            case .waits(let place): await method.goOn(call, from: place)
            }
        return switch response.outcome {
        case .message(let payload): .success(ClientReply(payload: payload, metadata: response.metadata))
        case .error(let error): .failure(error)
        }
    }
}

/// The first of several answers to one call; later ones are passed over.
private final class FirstAnswer: Sendable {
    typealias Answer = Result<ClientReply, RPCError>

    private enum State {
        case open
        case awaited(CheckedContinuation<Answer, Never>)
        case given(Answer)
    }

    private let state = Mutex(State.open)

    func give(_ answer: Answer) {
        let waiter = state.withLock { state -> CheckedContinuation<Answer, Never>? in
            switch state {
            case .given: return nil
            case .open:
                state = .given(answer)
                return nil
            case .awaited(let waiter):
                state = .given(answer)
                return waiter
            }
        }
        waiter?.resume(returning: answer)
    }

    func value() async -> Answer {
        await withCheckedContinuation { continuation in
            let given = state.withLock { state -> Answer? in
                if case .given(let answer) = state { return answer }
                state = .awaited(continuation)
                return nil
            }
            if let given { continuation.resume(returning: given) }
        }
    }
}
