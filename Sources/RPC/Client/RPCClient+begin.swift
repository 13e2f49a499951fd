public import NIOCore

extension RPCClient {
    /// Begins where this client has a connection on the loop that this runs on, and no interceptor could have to wait.
    public func begin(
        _ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions,
        onReply: @escaping @Sendable (Result<ClientReply, RPCError>) -> Void
    ) -> BegunCall? {
        guard environment.options.interceptors.isEmpty, !environment.addresses.isEmpty, let slot = slotOfThisLoop() else { return nil }
        let call = ClientCall(method: method, payload: payload, options: options)
        let deadline = Deadline.after(options.timeout ?? environment.options.defaultTimeout)
        let end = observed(method, onReply)
        budget.earn()
        let begun = BegunCall()
        let stream = ClientStream(call: call, deadline: deadline, slot: slot)
        begun.stream = stream
        stream.begin { result in
            begun.stream = nil
            switch result {
            case .success(let reply): end(.success(reply))
            case .failure(let failure):
                guard let wait = self.waitBeforeRetry(after: failure, attempt: 1, of: call, deadline) else {
                    return end(.failure(failure.error))
                }
                begun.retry = self.retry(call, by: deadline, in: wait, after: failure, on: slot.resources.eventLoop, end)
            }
        }
        return begun
    }

    /// Goes on as a call with a task does, and comes back to the loop with the answer.
    private func retry(
        _ call: ClientCall, by deadline: Deadline, in wait: Duration, after failure: CallFailure, on eventLoop: any EventLoop,
        _ end: @escaping @Sendable (Result<ClientReply, RPCError>) -> Void
    ) -> Task<Void, Never> {
        Task {
            let result = await self.slept(wait) ? await self.attempt(call, by: deadline, first: 2) : .failure(failure.error)
            eventLoop.execute { end(result) }
        }
    }

    private func observed(
        _ method: MethodDescriptor, _ onReply: @escaping @Sendable (Result<ClientReply, RPCError>) -> Void
    ) -> @Sendable (Result<ClientReply, RPCError>) -> Void {
        guard let observer = environment.options.observer else { return onReply }
        let start = NIODeadline.now()
        return { result in
            let code = if case .failure(let error) = result { error.code } else { StatusCode.ok }
            observer.callEnded(method, code, after: .nanoseconds((.now() - start).nanoseconds))
            onReply(result)
        }
    }
}
