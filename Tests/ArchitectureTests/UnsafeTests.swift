import Testing

/// Memory by its address is for a few rooms: those that speak to C, to the system's calls, or that look at bytes where they lie.
@Suite struct UnsafeTests {
    let tree = SourceTree.ofThisPackage

    /// The rooms that may, each with its reason.
    static let rooms: [String: String] = [
        "ProtobufC": "fills and reads the messages of protobuf-c", "ProtobufJSON": "reads and writes JSON where its bytes lie",
        "FieldChecks": "compares prefixes that the compiler has laid down", "RPC": "reads and writes frames in the buffers of sockets",
        "Routes": "reads bodies and answers in the buffers of sockets", "RESTShim": "zlib, and requests in the buffers of sockets",
        "Storage": "binds and reads the values of SQLite",
        "ServiceKit": "reads and writes files, digests bytes where they lie", "Supervision": "starts processes, makes sockets",
        "NotificationService": "libcurl, and a file whose writes are counted", "Import": "reads files by their system calls",
        "Reflection": "numbers as bytes", "ContractGenerator": "writes code that fills messages", "hms-rest": "writes before it has a log",
        "hms-bench": "C beside which is measured",
    ]

    @Test func `memory is touched by its address only where that is listed`() {
        for file in tree.files(in: "Sources") where Self.rooms[file.room] == nil {
            for line in Ban.linesTouchingMemory(in: file) { Issue.record("\(file.path) touches memory: \(line)") }
        }
    }

    @Test(arguments: rooms.keys.sorted())
    func `no room may touch memory that has no need to`(room: String) {
        #expect(tree.files(in: "Sources/\(room)").contains { !Ban.linesTouchingMemory(in: $0).isEmpty })
    }

    @Test(arguments: [
        "bytes.withUnsafeBytes { $0.count }", "let all: UnsafeRawBufferPointer", "func f(_ p: UnsafeMutablePointer<Int>) {",
        "Unmanaged.passUnretained(self)", "unsafeBitCast(x, to: Int.self)", "[UInt8](unsafeUninitializedCapacity: 8) { _, _ in }",
    ])
    func `touched memory would be found`(line: String) {
        #expect(Ban.linesTouchingMemory(in: SourceFile(path: "Sources/X/X.swift", lines: [line])) == [line])
    }

    @Test(arguments: ["/// withUnsafeBytes", "let isUnsafe = true", "unmanaged()", "case unsafeMethod"])
    func `what only sounds like it is none`(line: String) {
        #expect(Ban.linesTouchingMemory(in: SourceFile(path: "Sources/X/X.swift", lines: [line])).isEmpty)
    }
}
