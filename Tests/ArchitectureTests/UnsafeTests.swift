import Testing

/// Memory by its address is for a few rooms: those that speak to C, to the system's calls, or that look at bytes where they lie.
@Suite struct UnsafeTests {
    let tree = SourceTree.ofThisPackage

    /// The places that may, a folder or a file each, with its reason. As narrow as can be: not a whole room where a corner is meant.
    static let places: [String: String] = [
        "ProtobufC": "fills and reads the messages of protobuf-c",
        "ProtobufJSON/Reader": "reads JSON where its bytes lie", "ProtobufJSON/Writer": "writes JSON into the bytes it leaves in",
        "ProtobufJSON/Values": "compares and codes bytes where they lie", "ProtobufJSON/JSONMessage.swift": "lends bytes to the reader",
        "ProtobufJSON/Parameters/TextReadable.swift": "lends bytes to the reader",
        "FieldChecks/TextShapes.swift": "compares prefixes that the compiler has laid down",
        "RPC/Calls/MetadataEntry.swift": "reads metadata in the buffers of sockets",
        "RPC/Calls/TraceContext.swift": "writes hexadecimal digits where they belong",
        "RPC/Client/Balancing/AddressResolver.swift": "asks the system which addresses a name stands for",
        "RPC/Frames/Checksum.swift": "sums up frames in the buffers of sockets",
        "RPC/Messages/Message+payload.swift": "packs messages into the buffers of sockets",
        "Routes/RequestReader.swift": "reads bodies in the buffers of sockets",
        "Routes/Route+messages.swift": "reads responses in the buffers of sockets",
        "GRPC/Messages/Gunzip.swift": "zlib", "RESTShim/HTTP": "zlib, and requests in the buffers of sockets",
        "RESTShim/Pages/ShimPage+docs.swift": "pages that the compiler has laid down",
        "SharedCache/RedisConnection.swift": "libhiredis", "SharedCache/RedisReply.swift": "libhiredis",
        "SharedCache/CacheEntry.swift": "sums up entries where they lie",
        "Storage/Copy/ContentSum.swift": "digests numbers where they lie",
        "Storage/SQLite": "binds and reads the values of SQLite", "Storage/Postgres": "binds and reads the values of PostgreSQL",
        "ServiceKit/Configuration/IPAddress.swift": "reads the system's form of an address",
        "ServiceKit/Files": "reads and writes files by their system calls",
        "ServiceKit/Idempotency/IdempotencyKeys.swift": "digests requests where they lie",
        "ServiceKit/Identifiers/SortablePart.swift": "writes an id's letters into the text they make",
        "ServiceKit/Lifecycle": "signals, and a pipe to the supervisor",
        "ServiceKit/Logging/LogOutput.swift": "writes lines by a system call",
        "ServiceKit/Paging/PageToken.swift": "digests tokens where they lie",
        "ServiceKit/Tokens/TokenDigest.swift": "digests tokens where they lie",
        "SignIn/Passwords/PasswordHash.swift": "takes what scrypt derives out of the library's key",
        "Archive/Gzip.swift": "gives zlib its buffers",
        "Archive/SystemFile.swift": "reads and writes files by their system calls",
        "Supervision/Children/Spawn.swift": "starts processes", "Supervision/DataFolder/AddressFile.swift": "locks a file",
        "Supervision/Hospital/ListeningSocket.swift": "makes sockets",
        "NotificationService/Transports": "libcurl, and a file whose writes are counted",
        "Import/Reading/StoredBytes.swift": "reads files by their system calls", "Reflection/WireWriter.swift": "numbers as bytes",
        "ContractGenerator/Emitters/CodecEmitter.swift": "writes code that fills messages",
        "hms-rest/main.swift": "writes before it has a log",
        "hms-bench/Codec": "C beside which is measured", "hms-bench/Storage/SQLiteFloor.swift": "C beside which is measured",
    ]

    @Test func `memory is touched by its address only where that is listed`() {
        for file in tree.files(in: "Sources") where !Self.places.keys.contains(where: { file.stands(in: $0) }) {
            for line in Ban.linesTouchingMemory(in: file) { Issue.record("\(file.path) touches memory: \(line)") }
        }
    }

    @Test(arguments: places.keys.sorted())
    func `no place may touch memory that has no need to`(place: String) {
        #expect(tree.files(in: "Sources").contains { $0.stands(in: place) && !Ban.linesTouchingMemory(in: $0).isEmpty })
    }

    @Test(arguments: [
        "bytes.withUnsafeBytes { $0.count }", "let all: UnsafeRawBufferPointer", "func f(_ p: UnsafeMutablePointer<Int>) {",
        "Unmanaged.passUnretained(self)", "unsafeBitCast(x, to: Int.self)", "[UInt8](unsafeUninitializedCapacity: 8) { _, _ in }",
    ])
    func `touched memory would be found`(line: String) {
        #expect(Ban.linesTouchingMemory(in: SourceFile(path: "Sources/X/X.swift", lines: [line])) == [line])
    }

    @Test(arguments: [
        "/// withUnsafeBytes", "await withUnsafeContinuation { waiter = $0 }", "let isUnsafe = true", "unmanaged()", "case unsafeMethod",
    ])
    func `what only sounds like it is none`(line: String) {
        #expect(Ban.linesTouchingMemory(in: SourceFile(path: "Sources/X/X.swift", lines: [line])).isEmpty)
    }
}

extension SourceFile {
    /// Whether it is the file, or is in the folder, below Sources.
    fileprivate func stands(in place: String) -> Bool {
        path == "Sources/\(place)" || path.hasPrefix("Sources/\(place)/")
    }
}
