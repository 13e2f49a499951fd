public import Logging
public import NIOCore
public import RPC
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
        let first = FirstOutcome()
        let handler = Task { first.take(await outcome(of: ServerCall(context: context, payload: payload), served)) }
        let timer = Task {
            guard (try? await Task.sleep(for: timeout)) != nil else { return }
            first.take(.failure(.deadlineExceeded))
            handler.cancel()
        }
        defer { timer.cancel() }
        return try await withTaskCancellationHandler {
            await first.value()
        } onCancel: {
            first.take(.failure(.cancelled))
            handler.cancel()
        }.get()
    }

    public func stream(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) -> PayloadStream {
        guard let served = table.method(method.id), served.descriptor.isStreamed else {
            return PayloadStream(failing: .unimplemented(method.name))
        }
        let timeout = options.timeout ?? .seconds(3600)
        let context = CallContext(
            method: served.descriptor, deadline: .after(timeout), metadata: options.metadata, trace: options.trace ?? .fresh())
        let incoming = IncomingMessages(windowKiB: 64)
        let sink = InProcessStream(to: incoming)
        incoming.began(from: sink)
        let stream = OutgoingStream(credit: StreamCredit(byteCount: 0))
        stream.sink = sink
        let call = ServerCall(context: context, payload: payload, stream: stream)
        let handler = Task {
            let outcome = await served.run(call)
            incoming.end(outcome.map(\.metadata))
        }
        let timer = Task {
            guard (try? await Task.sleep(for: timeout)) != nil else { return }
            incoming.end(.failure(.deadlineExceeded))
            sink.end(.deadlineExceeded)
            handler.cancel()
        }
        return PayloadStream(incoming) {
            incoming.end(.failure(.cancelled))
            timer.cancel()
            handler.cancel()
        }
    }

    private func outcome(of call: ServerCall, _ method: ServedMethod) async -> Result<ClientReply, RPCError> {
        await method.run(call).map { ClientReply(payload: $0.payload, metadata: $0.metadata) }
    }
}

/// The first of several outcomes of one call; later ones are passed over.
private final class FirstOutcome: Sendable {
    typealias Outcome = Result<ClientReply, RPCError>

    private enum State {
        case open
        case awaited(CheckedContinuation<Outcome, Never>)
        case given(Outcome)
    }

    private let state = Mutex(State.open)

    func take(_ outcome: Outcome) {
        let waiter = state.withLock { state -> CheckedContinuation<Outcome, Never>? in
            switch state {
            case .given: return nil
            case .open:
                state = .given(outcome)
                return nil
            case .awaited(let waiter):
                state = .given(outcome)
                return waiter
            }
        }
        waiter?.resume(returning: outcome)
    }

    func value() async -> Outcome {
        await withCheckedContinuation { continuation in
            let given = state.withLock { state -> Outcome? in
                if case .given(let outcome) = state { return outcome }
                state = .awaited(continuation)
                return nil
            }
            if let given { continuation.resume(returning: given) }
        }
    }
}
