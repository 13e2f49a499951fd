public import NIOCore
public import ProtobufC

/// What a service answers a call with.
public struct ServerReply: Sendable {
    private enum Message: Sendable {
        case bytes(ByteBuffer)
        /// It stands where it will leave from.
        case packed(of: ServerCall)
    }

    private var message: Message
    public var metadata: Metadata

    public init(payload: ByteBuffer, metadata: Metadata = Metadata()) {
        message = .bytes(payload)
        self.metadata = metadata
    }

    /// Answers a call with a message, which is packed where it will leave from if the call is answered at once.
    @usableFromInline
    init(_ packed: PackedMessage, to call: ServerCall) {
        if call.responseFrame?.pack(packed) == true {
            message = .packed(of: call)
        } else {
            message = .bytes(ByteBuffer(packed))
        }
        metadata = Metadata()
    }

    /// The response, encoded.
    public var payload: ByteBuffer {
        get {
            switch message {
            case .bytes(let payload): payload
            case .packed(let call): call.responseFrame?.message ?? ByteBuffer()
            }
        }
        set { message = .bytes(newValue) }
    }

    var isPacked: Bool {
        if case .packed = message { true } else { false }
    }
}
