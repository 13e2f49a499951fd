import ConformanceMessages
import ProtobufC
import ReferenceMessages
import SwiftProtobuf
import Testing

typealias Ours = TestAllTypesProto3
typealias Theirs = ProtobufTestMessages_Proto3_TestAllTypesProto3

/// The same bytes given to our codec and to SwiftProtobuf's: both read them or neither does, and what they read is the same.
@Suite struct BinaryDifferenceTests {
    @Test(arguments: 0..<8 as Range<UInt64>)
    func `made-up messages are read alike`(seed: UInt64) throws {
        var maker = WireMaker(seed: seed)
        for _ in 0..<400 { try compare(maker.message(of: Ours.descriptor), expectsReading: true) }
    }

    @Test(arguments: 100..<108 as Range<UInt64>)
    func `damaged messages are read alike, or refused alike`(seed: UInt64) throws {
        var maker = WireMaker(seed: seed)
        for _ in 0..<400 {
            var bytes = maker.message(of: Ours.descriptor)
            for _ in 0..<3 {
                bytes = maker.damaged(bytes)
                try compare(bytes)
            }
        }
    }

    /// See ``KnownDifferenceTests`` for what is passed over here.
    private func compare(_ bytes: [UInt8], expectsReading: Bool = false) throws {
        let ours = Result { () throws(ProtobufDecodingError) in try Ours(protobuf: bytes) }
        let theirs = Result { try Theirs(serializedBytes: bytes) as Theirs }
        switch (ours, theirs) {
        case (.success(let ours), .success(let theirs)): try expectSame(ours, theirs, bytes)
        case (.failure, .failure): #expect(!expectsReading, "\(bytes)")
        case (.success, .failure(let error)): Issue.record("only we read \(bytes): \(error)")
        case (.failure(let error), .success) where error.reason == .wrongWireType: #expect(!expectsReading, "\(bytes)")
        case (.failure(let error), .success): Issue.record("only we refuse \(bytes): \(error)")
        }
    }

    private func expectSame(_ ours: Ours, _ theirs: Theirs, _ bytes: [UInt8]) throws {
        let again = try Theirs(serializedBytes: ours.protobuf())
        #expect(try again.canonical() == theirs.canonical(), "written by us: \(bytes)")
        let back = try Ours(protobuf: theirs.serializedBytes() as [UInt8])
        #expect(back.protobuf() == ours.protobuf(), "written by them: \(bytes)")
    }
}

extension Theirs {
    /// The same bytes for the same value, NaN included.
    func canonical() throws -> [UInt8] {
        var options = BinaryEncodingOptions()
        options.useDeterministicOrdering = true
        return try serializedBytes(options: options)
    }
}
