public import CProtobufC
import CWire

/// A message laid out for packing. Valid inside ``Message/withPacked(_:)`` only.
public struct PackedMessage {
    @usableFromInline let message: UnsafePointer<ProtobufCMessage>
    /// How many bytes ``write(to:)`` writes.
    public let byteCount: Int

    @usableFromInline
    init(_ message: UnsafePointer<ProtobufCMessage>) {
        self.message = message
        byteCount = protobuf_c_message_get_packed_size(message)
    }

    /// Writes protobuf's binary form to the beginning of `memory`. Returns how many bytes were written: none where
    /// `memory` has room for less than ``byteCount``.
    @discardableResult
    public func write(to memory: UnsafeMutableRawBufferPointer) -> Int {
        guard byteCount > 0, byteCount <= memory.count, let start = memory.baseAddress else { return 0 }
        return protobuf_c_message_pack(message, start.assumingMemoryBound(to: UInt8.self))
    }
}

extension Message {
    /// Lays the message out so that `body` can pack it into memory of its own: no array in between.
    @inlinable
    public func withPacked<Result, Failure: Error>(_ body: (PackedMessage) throws(Failure) -> Result) throws(Failure) -> Result {
        let use = ArenaUse(budget: Int.max)
        defer { use.end() }
        let message = UnsafePointer<ProtobufCMessage>(OpaquePointer(packable(in: use.arena)))
        return try body(PackedMessage(message))
    }

    /// The message in protobuf's binary form.
    @inlinable
    public func protobuf() -> [UInt8] {
        withPacked { packed in
            [UInt8](unsafeUninitializedCapacity: packed.byteCount) { memory, count in
                count = packed.write(to: UnsafeMutableRawBufferPointer(memory))
            }
        }
    }
}
