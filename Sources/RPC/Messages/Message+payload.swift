public import FieldChecks
public import NIOCore
public import ProtobufC
public import ProtobufJSON

extension Message {
    /// Reads a payload; what is wrong with it is the caller's fault.
    @inlinable
    public init(payload: ByteBuffer) throws(RPCError) {
        let result = payload.withUnsafeReadableBytes { bytes in
            Result { () throws(ProtobufDecodingError) in try Self(protobuf: bytes) }
        }
        switch result {
        case .success(let message): self = message
        case .failure(let error): throw .invalidArgument(error.description)
        }
    }

    /// The message, packed into a buffer of its own.
    @inlinable
    public func payload(allocator: ByteBufferAllocator = ByteBufferAllocator()) -> ByteBuffer {
        withPacked { ByteBuffer($0, allocator: allocator) }
    }

    /// Packs the message behind what `buffer` holds already: straight between header and checksum of an outbound buffer, too.
    @inlinable
    public func encode(into buffer: inout ByteBuffer) {
        withPacked { $0.append(to: &buffer) }
    }
}

extension CheckedMessage {
    /// Reads a request, without the white space around its texts.
    @inlinable
    init(trimming payload: ByteBuffer) throws(RPCError) {
        try self.init(payload: payload)
        trimTexts()
    }
}

extension ByteBuffer {
    /// A message in a buffer of its own.
    @usableFromInline
    init(_ message: PackedMessage, allocator: ByteBufferAllocator = ByteBufferAllocator()) {
        self = allocator.buffer(capacity: message.byteCount)
        message.append(to: &self)
    }
}

extension PackedMessage {
    /// Packs into the buffer's own memory.
    public func append(to buffer: inout ByteBuffer) {
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: byteCount) { write(to: $0) }
    }
}
