import ConformanceMessages
import ProtobufC
import ProtobufJSON
import ReferenceMessages
import SwiftProtobuf
import Testing

/// The same JSON given to our codec and to SwiftProtobuf's.
@Suite struct JSONDifferenceTests {
    /// What an Any holds depends on the types that a program knows, and masks are a known difference.
    private static let omitted: Set<String> = ["google.protobuf.Any", "google.protobuf.FieldMask"]

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `each reads what the other writes, as the same`(seed: UInt64) throws {
        var maker = WireMaker(seed: seed, omitting: Self.omitted)
        for _ in 0..<300 {
            let bytes = maker.message(of: Ours.descriptor)
            let ours = try Ours(protobuf: bytes), theirs = try Theirs(serializedBytes: bytes)
            let ourText = try? ours.json(options: .standard)
            let theirText = try? theirs.jsonUTF8Bytes() as [UInt8]
            #expect((ourText == nil) == (theirText == nil), "only \(ourText == nil ? "they write" : "we write") \(bytes)")
            guard let ourText, let theirText else { continue }
            try expectSame(ourText, "written by us")
            try expectSame(theirText, "written by them")
        }
    }

    @Test(arguments: 100..<108 as Range<UInt64>)
    func `damaged JSON is read alike, or refused alike`(seed: UInt64) throws {
        var maker = WireMaker(seed: seed, omitting: Self.omitted)
        for _ in 0..<300 {
            guard var text = try? Ours(protobuf: maker.message(of: Ours.descriptor)).json(options: .standard) else { continue }
            for _ in 0..<3 {
                text = maker.damaged(text)
                try expectSame(text, "damaged")
            }
        }
    }

    /// See ``KnownDifferenceTests`` for what is passed over here.
    private func expectSame(_ text: [UInt8], _ what: String) throws {
        let shown = String(decoding: text, as: UTF8.self)
        let ours = Result { try Ours(json: text, options: .standard) }
        let theirs = Result { try Theirs(jsonUTF8Bytes: text) }
        switch (ours, theirs) {
        case (.success(let ours), .success(let theirs)):
            #expect(try Theirs(serializedBytes: ours.protobuf()).canonical() == theirs.canonical(), "\(what): \(shown)")
        case (.failure, .failure): #expect(what == "damaged", "nobody reads \(shown)")
        case (.success, .failure(let error)): Issue.record("\(what), only we read \(shown): \(error)")
        case (.failure(let error as ProtobufJSON.JSONDecodingError), .success) where error.isKnownDifference: break
        case (.failure(let error), .success): Issue.record("\(what), only we refuse \(shown): \(error)")
        }
    }
}

extension ProtobufJSON.JSONDecodingError {
    /// A key that stands twice, or an enum's number beyond 32 bits.
    fileprivate var isKnownDifference: Bool {
        message == "is given twice" || message.hasPrefix("must be one of")
    }
}
