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
        let end = observed(method, options, from: start, onReply)
        call.attempt(over: slot, at: start) { outcome in
            switch outcome {
            case .success(let reply): end(.success(reply))
            case .failure(let failure): self.failed(begun, call, over: slot, failure, end)
            }
        }
        return begun
    }

    /// Goes on as a call with a task does where it is tried again, and comes back to the loop with the reply.
    private func failed(
        _ begun: BegunCall, _ call: ClientCall, over slot: ConnectionSlot, _ failure: CallFailure,
        _ end: @escaping @Sendable (Result<ClientReply, RPCError>) -> Void
    ) {
        var retries = CallRetries(environment.options.retry, budget)
        guard let wait = retries.wait(after: failure, of: call) else { return end(.failure(failure.error)) }
        begun.retry = Task { [retries] in
            let result = await self.tryAgain(call, in: wait, after: failure, retries, over: slot)
            slot.resources.eventLoop.execute { end(result) }
        }
    }

    private func observed(
        _ method: MethodDescriptor, _ options: CallOptions, from start: NIODeadline,
        _ onReply: @escaping @Sendable (Result<ClientReply, RPCError>) -> Void
    ) -> @Sendable (Result<ClientReply, RPCError>) -> Void {
        guard let observer = environment.options.observer else { return onReply }
        return { result in
            observer.callEnded(method, result.code, after: .nanoseconds((.now() - start).nanoseconds), options)
            onReply(result)
        }
    }
}
