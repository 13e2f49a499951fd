import NIOCore

/// RESPONSE: the answer to one call, whole: a message, or an error in the same place.
struct Response {
    /// Status, reserved bytes, retry pushback.
    static let fixedByteCount = 8
    /// In the pushback's place: the server didn't say.
    static let noPushback = UInt32.max

    enum Outcome {
        case message(ByteBuffer)
        case error(RPCError)
    }

    var outcome: Outcome
    var metadata: Metadata
    /// Whether the call was refused before any of it was done.
    var isNotProcessed = false

    func write(to bytes: inout ByteBuffer, streamID: UInt32) {
        let flags = FrameFlags.critical | (isNotProcessed ? FrameFlags.notProcessed : 0)
        bytes.writeFrame(FrameType.response, flags: flags, streamID: streamID, metadataLength: metadata.byteCount) { body in
            body.writeMultipleIntegers(status.rawValue, UInt8(0), UInt16(0), pushbackMilliseconds)
            body.writeImmutableBuffer(metadata.encoded)
            switch outcome {
            case .message(let message): body.writeImmutableBuffer(message)
            case .error(let error): error.writeDetails(to: &body)
            }
        }
    }

    init(reading frame: Frame) throws(ConnectionFault) {
        guard let (status, _, _, pushback) = frame.body.peekMultipleIntegers(as: (UInt8, UInt8, UInt16, UInt32).self),
            let (metadata, message) = frame.variableParts(after: Response.fixedByteCount)
        else { throw ConnectionFault(.protocolError, "RESPONSE is malformed") }
        self.metadata = metadata
        isNotProcessed = frame.header.flags & FrameFlags.notProcessed != 0
        let code = StatusCode(rawValue: status) ?? .unknown
        if code == .ok {
            outcome = .message(message)
            return
        }
        var details = message
        var error = try RPCError(code: code, readingDetails: &details)
        if pushback != Response.noPushback { error.retryAfter = .milliseconds(Int64(pushback)) }
        outcome = .error(error)
    }

    init(outcome: Outcome, metadata: Metadata = Metadata(), isNotProcessed: Bool = false) {
        self.outcome = outcome
        self.metadata = metadata
        self.isNotProcessed = isNotProcessed
    }

    private var status: StatusCode {
        switch outcome {
        case .message: .ok
        case .error(let error): error.code == .ok ? .unknown : error.code
        }
    }

    private var pushbackMilliseconds: UInt32 {
        guard case .error(let error) = outcome, let retryAfter = error.retryAfter else { return Response.noPushback }
        return retryAfter.wireMilliseconds
    }
}
