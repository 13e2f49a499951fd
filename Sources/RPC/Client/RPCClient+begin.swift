public import NIOCore

extension RPCClient {
    /// Begins where this client has a connection on the loop that this runs on.
    public func begin(
        _ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions,
        onReply: @escaping @Sendable (Result<ClientReply, RPCError>) -> Void
    ) -> BegunCall? {
        guard !environment.addresses.isEmpty, let slot = slotOfThisLoop() else { return nil }
        let start = NIODeadline.now()
        let timeout = options.timeout ?? environment.options.defaultTimeout
        let call = ClientCall(method: method, payload: payload, options: options, deadline: Deadline(start + timeout.timeAmount))
        budget.earn()
        let begun = BegunCall(call, over: slot)
        attempt(begun, call, over: slot, from: start, isFirst: true, observed(method, from: start, onReply))
        return begun
    }

    private func attempt(
        _ begun: BegunCall, _ call: ClientCall, over slot: ConnectionSlot, from start: NIODeadline, isFirst: Bool,
        _ end: @escaping @Sendable (Result<ClientReply, RPCError>) -> Void
    ) {
        call.attempt(over: slot, at: start) { outcome in
            switch outcome {
            case .success(let reply): end(.success(reply))
            case .failure(let failure) where failure.isTurnedAway && isFirst:
                self.attempt(begun, call, over: slot, from: .now(), isFirst: false, end)
            case .failure(let failure):
                guard let wait = self.waitBeforeRetry(after: failure, attempt: 1, of: call) else { return end(.failure(failure.error)) }
                begun.retry = self.retry(call, over: slot, in: wait, after: failure, end)
            }
        }
    }

    /// Goes on as a call with a task does, and comes back to the loop with the reply.
    private func retry(
        _ call: ClientCall, over slot: ConnectionSlot, in wait: Duration, after failure: CallFailure,
        _ end: @escaping @Sendable (Result<ClientReply, RPCError>) -> Void
    ) -> Task<Void, Never> {
        Task {
            let result =
                await self.slept(wait)
                ? await self.attempt(call, over: slot, from: .now(), first: 2) { $0(call.kept) } : .failure(failure.error)
            slot.resources.eventLoop.execute { end(result) }
        }
    }

    private func observed(
        _ method: MethodDescriptor, from start: NIODeadline, _ onReply: @escaping @Sendable (Result<ClientReply, RPCError>) -> Void
    ) -> @Sendable (Result<ClientReply, RPCError>) -> Void {
        guard let observer = environment.options.observer else { return onReply }
        return { result in
            observer.callEnded(method, result.code, after: .nanoseconds((.now() - start).nanoseconds))
            onReply(result)
        }
    }
}
