import NIOCore

/// REQUEST: one call, whole.
struct Request {
    /// Method id, timeout, trace.
    static let fixedByteCount = 40

    var methodID: UInt64
    /// How long the caller will wait; zero: it didn't say.
    var timeoutMilliseconds: UInt32
    var trace: TraceContext?
    /// What the caller says of it; its method may say more.
    var priority: CallPriority
    /// Where a stream of messages is wanted: how much of it may be sent before more is granted, in KiB. Nil: one message is wanted.
    var creditKiB: UInt16?
    var metadata: Metadata
    var message: FrameMessage

    func write(to bytes: inout ByteBuffer, streamID: UInt32) {
        let flags = FrameFlags.critical | (creditKiB == nil ? 0 : FrameFlags.streamWanted)
        bytes.writeFrame(FrameType.request, flags: flags, streamID: streamID, metadataLength: metadata.byteCount) { body in
            body.writeMultipleIntegers(
                methodID, timeoutMilliseconds, trace?.flags ?? 0, priority.rawValue, creditKiB ?? 0, trace?.traceIDHigh ?? 0,
                trace?.traceIDLow ?? 0,
                trace?.spanID ?? 0)
            body.writeImmutableBuffer(metadata.encoded)
            message.write(to: &body)
        }
    }

    /// Which method is called, without reading the rest.
    static func methodID(reading frame: Frame) -> UInt64? {
        frame.body.getInteger(at: frame.body.readerIndex)
    }

    /// The same of what the caller says of its priority. Nobody can ask to be never refused.
    static func priority(reading frame: Frame) -> CallPriority {
        priority(frame.body.getInteger(at: frame.body.readerIndex + 13) ?? 0)
    }

    private static func priority(_ byte: UInt8) -> CallPriority {
        byte == 0 ? .ordinary : .critical
    }

    init(reading frame: Frame) throws(ConnectionFault) {
        guard
            let (methodID, timeout, traceFlags, priority, credit, traceHigh, traceLow, span) =
                frame.body.peekMultipleIntegers(as: (UInt64, UInt32, UInt8, UInt8, UInt16, UInt64, UInt64, UInt64).self),
            let (metadata, message) = frame.variableParts(after: Request.fixedByteCount)
        else { throw ConnectionFault(.protocolError, "REQUEST is malformed") }
        self.methodID = methodID
        timeoutMilliseconds = timeout
        trace = TraceContext(traceIDHigh: traceHigh, traceIDLow: traceLow, spanID: span, flags: traceFlags)
        self.priority = Request.priority(priority)
        creditKiB = frame.header.flags & FrameFlags.streamWanted == 0 ? nil : credit
        self.metadata = metadata
        self.message = .payload(message)
    }

    init(
        methodID: UInt64, timeoutMilliseconds: UInt32, trace: TraceContext?, priority: CallPriority = .ordinary,
        creditKiB: UInt16? = nil, metadata: Metadata, message: FrameMessage
    ) {
        self.methodID = methodID
        self.timeoutMilliseconds = timeoutMilliseconds
        self.trace = trace
        self.priority = priority
        self.creditKiB = creditKiB
        self.metadata = metadata
        self.message = message
    }
}
