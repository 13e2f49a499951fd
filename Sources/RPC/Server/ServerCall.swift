public import NIOCore
import ProtobufC

/// A call as it reaches interceptors and services. Its connection owns it from its REQUEST until its handler has returned.
///
/// `@unchecked Sendable`: what changes is touched on its connection's event loop only; the handler's task merely carries it back
/// there.
public final class ServerCall: @unchecked Sendable {
    public let context: CallContext
    /// The request, encoded.
    public let payload: ByteBuffer
    /// How frames name it.
    let streamID: UInt32
    /// What the request holds in memory until the handler returns.
    let heldBytes: Int
    /// Where its messages go, if it is answered by a stream.
    package let stream: OutgoingStream?
    /// What runs the handler, where it didn't return at once.
    var task: Task<Void, Never>?
    /// It is entered in its connection's table, because its handler didn't return at once.
    var isKept = false
    /// How it ends is decided: the caller has been told, or wants to know no longer.
    var hasEnded = false
    var hasReturned = false
    /// Where its reply goes while it is answered at once.
    var responseFrame: ResponseFrame?

    /// A call over no connection.
    public convenience init(context: CallContext, payload: ByteBuffer) {
        self.init(context: context, payload: payload, streamID: 0, heldBytes: 0)
    }

    /// A call over no connection that is answered by a stream.
    package convenience init(context: CallContext, payload: ByteBuffer, stream: OutgoingStream) {
        self.init(context: context, payload: payload, streamID: 0, heldBytes: 0, stream: stream)
    }

    init(context: CallContext, payload: ByteBuffer, streamID: UInt32, heldBytes: Int, stream: OutgoingStream? = nil) {
        self.context = context
        self.payload = payload
        self.streamID = streamID
        self.heldBytes = heldBytes
        self.stream = stream
    }
}
