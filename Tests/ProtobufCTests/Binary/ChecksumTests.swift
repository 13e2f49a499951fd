import CWire
import Testing

@Suite struct ChecksumTests {
    private func checksum(_ bytes: [UInt8], after crc: UInt32 = 0) -> UInt32 {
        bytes.withUnsafeBytes { hms_crc32c(crc, $0.baseAddress, $0.count) }
    }

    @Test(
        arguments: [
            (Array("123456789".utf8), 0xE306_9283), ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
            ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43), ([], 0),
        ] as [([UInt8], UInt32)])
    func `the checksum is RFC 3720's`(bytes: [UInt8], expected: UInt32) {
        #expect(checksum(bytes) == expected)
    }

    @Test func `processor and tables agree at every length and alignment`() {
        let bytes = (0..<200).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        for start in 0..<9 {
            for end in start..<bytes.count {
                let piece = Array(bytes[start..<end])
                #expect(checksum(piece) == piece.withUnsafeBytes { hms_crc32c_portable(0, $0.baseAddress, $0.count) })
            }
        }
    }

    @Test func `the checksum of two pieces in turn is that of both together`() {
        let bytes = Array("the quick brown fox".utf8)
        for cut in 0...bytes.count {
            #expect(checksum(Array(bytes[cut...]), after: checksum(Array(bytes[..<cut]))) == checksum(bytes))
        }
    }
}
