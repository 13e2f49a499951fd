import CProtobufC
import CWire
import Contracts

/// libprotobuf-c alone: the C message packed and unpacked into an arena, nothing checked.
final class CodecFloor {
    struct Wrong: Error {}

    private let arena: UnsafeMutablePointer<hms_arena>
    private let message: UnsafeMutablePointer<ProtobufCMessage>
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    init(_ encoded: [UInt8]) throws {
        arena = hms_arena_of_thread()
        bytes = .allocate(capacity: encoded.count)
        _ = bytes.initialize(from: encoded)
        guard let message = protobuf_c_message_unpack(Patient.descriptor, nil, encoded.count, encoded) else { throw Wrong() }
        self.message = message
    }

    deinit {
        protobuf_c_message_free_unpacked(message, nil)
        bytes.deallocate()
    }

    func encode() {
        if protobuf_c_message_get_packed_size(message) <= bytes.count { protobuf_c_message_pack(message, bytes.baseAddress) }
    }

    func decode() throws {
        let mark = hms_arena_begin(arena, 1 << 20)
        defer { hms_arena_end(arena, mark) }
        let read = protobuf_c_message_unpack(Patient.descriptor, &arena.pointee.allocator, bytes.count, bytes.baseAddress)
        guard read != nil else { throw Wrong() }
    }
}
