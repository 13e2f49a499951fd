import CHiredis

/// Why a cache can't be used.
struct CacheFailure: Error, CustomStringConvertible {
    let description: String

    static let noLibrary = CacheFailure(description: "this system has no libhiredis of the version that was built with")
    static let noMemory = CacheFailure(description: "there is no memory for a connection")
    static let tooMuch = CacheFailure(description: "it sends more than it was asked for")
    static let strange = CacheFailure(description: "it answers what no command is answered with")
    static let late = CacheFailure(description: "it answers too late")

    static func refused(_ word: String) -> CacheFailure { CacheFailure(description: "it refuses us: \(word)") }
}

/// One connection to a cache, over libhiredis. It never blocks but for looking a name up, and belongs to one thread.
final class RedisConnection {
    private static let library: hiredis_library? = {
        var library = hiredis_library()
        return hiredis_open(&library) ? library : nil
    }()

    private let library: hiredis_library
    private let context: UnsafeMutablePointer<redisContext>
    private(set) var hasUnsent = false

    /// Begins to connect.
    init(to address: CacheAddress) throws(CacheFailure) {
        guard let library = Self.library else { throw .noLibrary }
        guard let context = hiredis_connect(library, address.host, Int32(address.port)) else { throw .noMemory }
        self.library = library
        self.context = context
        try requireNoError()
    }

    deinit {
        library.redisFree(context)
    }

    var descriptor: Int32 { context.pointee.fd }

    func append(_ command: RedisCommand) throws(CacheFailure) {
        let status = command.bytes.withUnsafeBytes { bytes in
            library.redisAppendFormattedCommand(context, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        guard status == REDIS_OK else { throw .noMemory }
        hasUnsent = true
    }

    /// Sends as much as the socket takes.
    func write() throws(CacheFailure) {
        var isDone: Int32 = 0
        _ = library.redisBufferWrite(context, &isDone)
        try requireNoError()
        hasUnsent = isDone == 0
    }

    /// Reads what has arrived and hands on every reply that is whole.
    ///
    /// - Parameter most: more bytes than these are not kept for a reply that is not whole.
    func read(atMost most: Int, _ take: (RedisReply) throws(CacheFailure) -> Void) throws(CacheFailure) {
        _ = library.redisBufferRead(context)
        try requireNoError()
        while let reply = try next() { try take(reply) }
        guard hiredis_unread(context) <= most else { throw .tooMuch }
    }

    private func next() throws(CacheFailure) -> RedisReply? {
        var hasFailed = false
        guard let reply = hiredis_next(library, context, &hasFailed) else {
            try requireNoError()
            guard !hasFailed else { throw .strange }
            return nil
        }
        defer { library.freeReplyObject(reply) }
        guard let known = RedisReply(reply.pointee) else { throw .strange }
        return known
    }

    private func requireNoError() throws(CacheFailure) {
        guard context.pointee.err != 0 else { return }
        let text = withUnsafeBytes(of: context.pointee.errstr) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        throw CacheFailure(description: text)
    }
}
