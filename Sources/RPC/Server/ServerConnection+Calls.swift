import Logging
import NIOCore

/// The life of a call on a connection.
extension ServerConnection {
    func receiveRequest(_ frame: Frame) throws(ConnectionFault) {
        let streamID = frame.header.streamID
        guard streamID % 2 == 1, streamID > highestStreamID else {
            throw ConnectionFault(.protocolError, "stream ids of calls are odd and rise")
        }
        if phase == .draining { return refuse(streamID, .unavailable("the server is shutting down")) }
        highestStreamID = streamID
        guard runningHandlers < limits.maximumCallsInFlight, core.gate.enter() else {
            return refuse(streamID, .overloaded("too many calls are in flight", retryAfter: core.options.overloadPushback))
        }
        runningHandlers += 1
        do {
            start(try Request(reading: frame), streamID: streamID)
        } catch {
            leave()
            throw error
        }
    }

    /// Starts a call's handler here and now. Most end before this returns, and are never entered in the table.
    private func start(_ request: Request, streamID: UInt32) {
        guard let method = core.table.method(request.methodID) else {
            leave()
            return refuse(streamID, .unimplemented("this method"))
        }
        let deadline = deadline(of: request)
        guard NIODeadline.now() < deadline else {
            leave()
            return refuse(streamID, .deadlineExceeded)
        }
        let context = CallContext(
            method: method, deadline: Deadline(deadline), metadata: request.metadata, trace: request.trace, peer: peer)
        let call = ServerCall(context: context, payload: request.message)
        let stream = ServerStream(id: streamID, method: method, startedAt: now, connection: self)
        let task = Task.immediate(executorPreference: resources.executor) { await stream.run(call) }
        guard !stream.hasReturned else { return }
        stream.task = task
        streams[streamID] = stream
        resources.timers.set(stream, at: deadline)
    }

    /// The time that the caller grants runs from the arrival of his bytes.
    private func deadline(of request: Request) -> NIODeadline {
        let most = core.options.maximumTimeout.timeAmount
        guard request.timeoutMilliseconds > 0 else { return now + most }
        return now + min(.milliseconds(Int64(request.timeoutMilliseconds)), most)
    }

    func handlerReturned(_ response: Response, for stream: ServerStream) {
        stream.hasReturned = true
        if stream.task != nil {
            resources.timers.remove(stream)
            streams[stream.id] = nil
        }
        leave()
        if !stream.isAnswered { answer(stream, response) }
        closeIfDrained()
    }

    func deadlinePassed(for stream: ServerStream) {
        answer(stream, Response(outcome: .error(.deadlineExceeded)))
        stream.task?.cancel()
    }

    /// The caller has given up: nobody reads an answer.
    func cancel(_ streamID: UInt32) {
        guard let stream = streams[streamID] else { return }
        if !stream.isAnswered { observe(stream, .cancelled) }
        abandon(stream)
    }

    func abandon(_ stream: ServerStream) {
        stream.isAnswered = true
        resources.timers.remove(stream)
        stream.task?.cancel()
    }

    private func answer(_ stream: ServerStream, _ response: Response) {
        stream.isAnswered = true
        let code = answer(stream.id, response)
        observe(stream, code)
    }

    @discardableResult
    private func answer(_ streamID: UInt32, _ response: Response) -> StatusCode {
        let response = fits(response) ? response : Response(outcome: .error(.internal))
        write { response.write(to: &$0, streamID: streamID) }
        return response.code
    }

    private func refuse(_ streamID: UInt32, _ error: RPCError) {
        answer(streamID, Response(outcome: .error(error), isNotProcessed: true))
    }

    private func fits(_ response: Response) -> Bool {
        let fits =
            response.messageByteCount <= Int(peerLimits.maximumMessageBytes)
            && response.metadata.byteCount <= Int(peerLimits.maximumMetadataBytes)
        if !fits { core.logger.error("an answer is larger than its caller accepts", metadata: ["peer": "\(peer)"]) }
        return fits
    }

    private func observe(_ stream: ServerStream, _ code: StatusCode) {
        guard let observer = core.options.observer else { return }
        observer.callEnded(stream.method, code, after: .nanoseconds((.now() - stream.startedAt).nanoseconds))
    }

    private func leave() {
        runningHandlers -= 1
        core.gate.leave()
    }
}

extension Response {
    var code: StatusCode {
        switch outcome {
        case .message: .ok
        case .error(let error): error.code
        }
    }

    var messageByteCount: Int {
        switch outcome {
        case .message(let message): message.readableBytes
        case .error: 0
        }
    }
}
