import CHiredis

/// What a cache answers to one command.
enum RedisReply: Hashable, Sendable {
    case nothing
    case done
    case number(Int64)
    case bytes([UInt8])
    case pair([UInt8], [UInt8])
    /// The first word of an error, such as OOM or NOAUTH. What follows may repeat what was sent, a password too.
    case refusal(String)

    /// Nil where it is of a kind that no command of ours is answered with.
    init?(_ reply: redisReply) {
        switch reply.type {
        case REDIS_REPLY_NIL: self = .nothing
        case REDIS_REPLY_STATUS: self = .done
        case REDIS_REPLY_INTEGER: self = .number(reply.integer)
        case REDIS_REPLY_STRING: self = .bytes(reply.bytes)
        case REDIS_REPLY_ERROR: self = .refusal(reply.firstWord)
        case REDIS_REPLY_ARRAY:
            guard reply.elements == 2, let first = reply.element[0]?.pointee, let second = reply.element[1]?.pointee,
                first.type == REDIS_REPLY_STRING, second.type == REDIS_REPLY_STRING
            else { return nil }
            self = .pair(first.bytes, second.bytes)
        default: return nil
        }
    }

    /// The microseconds since 1970 that the answer to TIME says.
    var time: Int64? {
        guard case .pair(let seconds, let microseconds) = self, let seconds = Int64(String(decoding: seconds, as: UTF8.self)),
            let microseconds = Int64(String(decoding: microseconds, as: UTF8.self)), (0..<1_000_000).contains(microseconds),
            (0..<1 << 40).contains(seconds)
        else { return nil }
        return seconds * 1_000_000 + microseconds
    }

    var isRefusal: Bool {
        if case .refusal = self { true } else { false }
    }
}

extension redisReply {
    fileprivate var bytes: [UInt8] {
        guard let str else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: str, count: Int(len)))
    }

    fileprivate var firstWord: String {
        String(decoding: bytes.prefix { (0x41...0x5A).contains($0) }.prefix(32), as: UTF8.self)
    }
}
