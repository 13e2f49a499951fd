import Crypto

/// The name under which a token is remembered: its SHA-256, so that no tokens lie about in memory.
package struct TokenDigest: Hashable, Sendable, CustomStringConvertible {
    private let words: SIMD4<UInt64>

    package init(_ token: String) {
        var token = token
        let digest = token.withUTF8 { SHA256.hash(data: UnsafeRawBufferPointer($0)) }
        words = digest.withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) }
    }

    /// In hexadecimal digits.
    package var description: String {
        (0..<4).map { String(words[$0], radix: 16) }.joined(separator: "-")
    }
}
