public import NIOCore

extension RPCClient {
    public func stream(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) -> PayloadStream {
        let start = NIODeadline.now()
        let timeout = options.timeout ?? environment.options.defaultStreamTimeout
        let incoming = IncomingMessages(windowKiB: environment.options.streamWindowKiB)
        let call = ClientCall(
            method: method, payload: payload, options: options, deadline: Deadline(start + timeout.timeAmount), incoming: incoming)
        let task = Task {
            let outcome = await perform(call, from: start) { $0(call.kept) }
            environment.options.observer?.callEnded(
                method, outcome.code, after: .nanoseconds((.now() - start).nanoseconds), options)
            incoming.end(outcome.map(\.metadata))
        }
        return PayloadStream(incoming) { task.cancel() }
    }
}
