import Crypto
import Foundation

/// How an archive is sealed: HPKE (RFC 9180, base mode) of chunks in their order. Before each stands its length, which is
/// authenticated with it and says whether it is the last.
private enum Sealing {
    static let magic = Array("HMSSEAL1".utf8)
    static let suite = HPKE.Ciphersuite.Curve25519_SHA256_ChachaPoly
    static let info = Data("hms backup 1".utf8)
    static let keyBytes = 32
    static let chunkBytes = 1 << 16
    static let tagBytes = 16
    static let lastMark: UInt32 = 1 << 31

    static func header(_ length: Int, isLast: Bool) -> [UInt8] {
        let word = UInt32(length) | (isLast ? lastMark : 0)
        return (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) }
    }
}

/// Seals what goes through it.
final class SealingSink: ByteSink {
    private let target: any ByteSink
    private var sender: HPKE.Sender
    private var waiting: [UInt8] = []

    init(_ target: any ByteSink, to key: BackupPublicKey) throws {
        self.target = target
        sender = try HPKE.Sender(recipientKey: key.key, ciphersuite: Sealing.suite, info: Sealing.info)
        try target.write(Sealing.magic + sender.encapsulatedKey)
    }

    func write(_ bytes: [UInt8]) throws {
        waiting += bytes
        while waiting.count > Sealing.chunkBytes {
            try seal(waiting.prefix(Sealing.chunkBytes), isLast: false)
            waiting.removeFirst(Sealing.chunkBytes)
        }
    }

    func finish() throws {
        try seal(waiting[...], isLast: true)
        try target.finish()
    }

    private func seal(_ chunk: ArraySlice<UInt8>, isLast: Bool) throws {
        let header = Sealing.header(chunk.count + Sealing.tagBytes, isLast: isLast)
        try target.write(header + sender.seal(Data(chunk), authenticating: Data(header)))
    }
}

/// Opens what was sealed. Nothing is given out that was not authenticated.
final class SealedSource: ByteSource {
    private let source: ExactSource
    private var recipient: HPKE.Recipient
    private var isAtEnd = false

    /// - Parameter source: behind the magic.
    init(_ source: ExactSource, with key: BackupKey) throws {
        self.source = source
        let encapsulated = try source.bytes(Sealing.keyBytes)
        recipient = try HPKE.Recipient(
            privateKey: key.secret, ciphersuite: Sealing.suite, info: Sealing.info, encapsulatedKey: Data(encapsulated))
    }

    /// Whether an archive begins as a sealed one does. Takes the magic where it does.
    static func begins(_ source: ExactSource) throws -> Bool {
        guard try source.peek(Sealing.magic.count) == Sealing.magic else { return false }
        _ = try source.bytes(Sealing.magic.count)
        return true
    }

    /// What is in a file, sealed or not.
    ///
    /// - Throws: ``ArchiveError/sealed(_:)`` where it is, and there is no key.
    static func opening(_ path: String, with key: BackupKey?) throws -> any ByteSource {
        let source = ExactSource(try SystemFile(reading: path))
        guard try begins(source) else { return source }
        guard let key else { throw ArchiveError.sealed(path) }
        return try SealedSource(source, with: key)
    }

    static func isSealed(_ path: String) throws -> Bool { try begins(ExactSource(try SystemFile(reading: path))) }

    func read() throws -> [UInt8] {
        while !isAtEnd {
            let header = try source.bytes(4)
            let word = header.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            let length = Int(word & ~Sealing.lastMark)
            guard (Sealing.tagBytes...Sealing.chunkBytes + Sealing.tagBytes).contains(length) else {
                throw ArchiveError.unsound("its encryption is damaged")
            }
            let chunk = try open(try source.bytes(length), header)
            isAtEnd = word & Sealing.lastMark != 0
            if isAtEnd, !(try source.read().isEmpty) { throw ArchiveError.unsound("something follows behind its end") }
            if !chunk.isEmpty { return chunk }
        }
        return []
    }

    private func open(_ chunk: [UInt8], _ header: [UInt8]) throws -> [UInt8] {
        do {
            return Array(try recipient.open(Data(chunk), authenticating: Data(header)))
        } catch {
            throw ArchiveError.unsound("it is damaged, or was encrypted to another key")
        }
    }
}
