import Crypto
import Foundation

/// Writes an archive: a tar file, compressed by gzip, whose first file is the manifest of the others.
///
/// It is written under a temporary name, flushed and renamed: a file of its name is always whole. Memory does not grow with it.
public struct ArchiveWriter {
    private static let chunkBytes = 1 << 16

    private let path: String
    private let version: String
    private let key: BackupPublicKey?

    /// - Parameters:
    ///   - version: of this program.
    ///   - key: what it is encrypted to; nil: it is not.
    public init(path: String, version: String, to key: BackupPublicKey? = nil) {
        self.path = URL(fileURLWithPath: path).path
        self.version = version
        self.key = key
    }

    /// What an archive is called until it is whole: behind that comes the number of the process that writes it.
    public static let draftMark = ".partial-"

    /// - Parameter files: by the path in the archive, the place of each. Nobody may change them meanwhile.
    @discardableResult
    public func write(_ files: [String: String]) throws -> ArchiveManifest {
        let sorted = files.sorted { $0.key < $1.key }
        let manifest = ArchiveManifest(version: version, files: try sorted.map { try Self.describe($0.value, as: $0.key) })
        let draft = "\(path)\(Self.draftMark)\(getpid())"
        do {
            // One that a process of the same number has left.
            unlink(draft)
            let file = try SystemFile(creating: draft)
            let sink: any ByteSink = if let key { try SealingSink(file, to: key) } else { file }
            try put(manifest, files, into: try GzipSink(sink))
            try SystemFile.move(draft, to: path)
        } catch {
            unlink(draft)
            throw error
        }
        return manifest
    }

    private func put(_ manifest: ArchiveManifest, _ files: [String: String], into sink: any ByteSink) throws {
        let json = [UInt8](try manifest.json())
        let first = try TarHeader(path: ArchiveManifest.name, bytes: Int64(json.count))
        try sink.write(first.block + json + first.zeros)
        for file in manifest.files {
            let header = try TarHeader(path: file.path, bytes: file.bytes)
            try sink.write(header.block)
            let length = try Self.read(files[file.path] ?? "", sink.write)
            guard length == file.bytes else { throw ArchiveError.unsound("\(file.path) was changed while it was read") }
            try sink.write(header.zeros)
        }
        try sink.write([UInt8](repeating: 0, count: 2 * TarHeader.blockBytes))
        try sink.finish()
    }

    private static func describe(_ path: String, as name: String) throws -> ArchiveManifest.File {
        var hash = SHA256()
        let length = try read(path) { hash.update(data: $0) }
        return .init(path: name, bytes: length, sha256: hash.finalize().hexadecimal)
    }

    private static func read(_ path: String, _ body: ([UInt8]) throws -> Void) throws -> Int64 {
        let source = try SystemFile(reading: path)
        var length: Int64 = 0
        while case let chunk = try source.read(upTo: chunkBytes), !chunk.isEmpty {
            try body(chunk)
            length += Int64(chunk.count)
        }
        return length
    }
}

extension SHA256.Digest {
    var hexadecimal: String {
        map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
