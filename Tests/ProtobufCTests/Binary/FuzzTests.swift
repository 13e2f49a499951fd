import ConformanceMessages
import Contracts
import ProtobufC
import SeededRandom
import Testing

/// Random and damaged bytes. Nothing may crash, and what is read must survive being written and read again.
@Suite struct FuzzTests {
    typealias Kinds = TestAllTypesProto3

    private func readTwice(_ bytes: [UInt8]) throws {
        guard let once = try? Kinds(protobuf: bytes) else { return }
        let again = try Kinds(protobuf: once.protobuf())
        #expect(again.protobuf() == once.protobuf())
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `random bytes are read or refused`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<500 {
            try readTwice((0..<Int.random(in: 0...80, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) })
        }
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `a good message with flipped bits, cuts and repetitions is read or refused`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let whole = AllKinds.full.protobuf()
        for _ in 0..<150 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) { damage(&bytes, &random) }
            try readTwice(bytes)
        }
    }

    private func damage(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes.removeSubrange(place...)
        case 2: bytes.removeSubrange(place..<min(place + 3, bytes.count))
        default: bytes.insert(contentsOf: bytes[place..<min(place + 40, bytes.count)], at: place)
        }
    }
}
