import CProtobufC
import CWire
import ConformanceMessages
import Contracts
import ProcessorTime
import ProtobufC
import Testing

/// Time and memory grow with the bytes, never faster.
@Suite(.serialized, .timeLimit(.minutes(10))) struct BoundsTests {
    typealias Kinds = TestAllTypesProto3

    /// A single message in as many pieces as fit into `byteCount`.
    private func pieces(_ byteCount: Int) -> [UInt8] {
        let piece = WireBytes().message(27, WireBytes().message(27, WireBytes().varint(31, 1))).bytes
        return Array((0..<byteCount / piece.count).map { _ in piece }.joined())
    }

    private func shortestTime(_ bytes: [UInt8]) throws -> Duration {
        try ProcessorTime.least { _ = try Kinds(protobuf: bytes) }
    }

    @Test func `a single message in 560 KB of pieces is read in linear time`() throws {
        let bytes = pieces(560_000)
        let read = try Kinds(protobuf: bytes)
        #expect(read.recursiveMessage?.recursiveMessage?.repeatedInt32.count == bytes.count / 9)
        let ratio = try shortestTime(bytes) / shortestTime(pieces(70_000))
        #expect(ratio < 32, "eight times the bytes took \(ratio) times as long")
    }

    @Test(arguments: [
        ("empty messages in a list", [UInt8](WireBytes().message(48, WireBytes()).bytes)),
        ("unknown fields", WireBytes().varint(501, 0).bytes),
        ("empty texts", WireBytes().text(44, "").bytes),
    ])
    func `what would take more memory than the budget is refused`(what: String, unit: [UInt8]) throws {
        let bytes = Array((0..<100_000).map { _ in unit }.joined())
        var limits = DecodingLimits()
        limits.arenaBytes = 1_000_000
        #expect(refusal(of: bytes, as: Kinds.self, limits: limits)?.reason == .overBudget, "\(what)")
        #expect(refusal(of: bytes, as: Kinds.self) == nil, "\(what)")
    }

    @Test func `the default budget refuses what is made to swell`() {
        let list = WireBytes().message(48, WireBytes().message(2, WireBytes())).bytes
        let bytes = Array((0..<600_000).map { _ in list }.joined())
        #expect(refusal(of: bytes, as: Kinds.self)?.reason == .overBudget)
    }

    @Test func `the arena is as it was after each use`() throws {
        let arena: UnsafeMutablePointer<hms_arena> = hms_arena_of_thread()
        let before = (arena.pointee.next, arena.pointee.chunk)
        _ = try Kinds(protobuf: AllKinds.full.protobuf())
        _ = refusal(of: GuardTests.bomb, as: Kinds.self)
        _ = try Kinds(protobuf: pieces(100_000))
        #expect(arena.pointee.next == before.0)
        #expect(arena.pointee.chunk == before.1)
    }

    @Test func `a message can be read and written while another is being packed`() throws {
        let bytes = try Patients.ordinary.withPacked { packed -> [UInt8] in
            let inner = try Kinds(protobuf: AllKinds.full.protobuf())
            #expect(inner == AllKinds.full)
            return [UInt8](unsafeUninitializedCapacity: packed.byteCount) { memory, count in
                count = packed.write(to: UnsafeMutableRawBufferPointer(memory))
            }
        }
        #expect(try Patient(protobuf: bytes) == Patients.ordinary)
    }

    @Test func `packing writes nothing where there is too little room`() {
        Patients.ordinary.withPacked { packed in
            withUnsafeTemporaryAllocation(byteCount: packed.byteCount - 1, alignment: 1) { memory in
                #expect(packed.write(to: memory) == 0)
            }
        }
    }

    @Test func `many threads read and write at once, each in its own arena`() async throws {
        let bytes = AllKinds.full.protobuf()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask { try (0..<50).allSatisfy { _ in try Kinds(protobuf: bytes).protobuf().count == bytes.count } }
            }
            for try await same in group { #expect(same) }
        }
    }
}
