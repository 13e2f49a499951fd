import CZlib
import Crypto
import Foundation

/// Writes an archive: a tar file, compressed by gzip, whose first file is the manifest of the others.
///
/// It is written under a temporary name, flushed and renamed: a file of its name is always whole. Memory does not grow with it.
public struct ArchiveWriter {
    private static let chunkBytes = 1 << 16

    private let path: String
    private let version: String

    /// - Parameter version: of this program.
    public init(path: String, version: String) {
        self.path = URL(fileURLWithPath: path).path
        self.version = version
    }

    /// - Parameter files: by the path in the archive, the place of each. Nobody may change them meanwhile.
    @discardableResult
    public func write(_ files: [String: String]) throws -> ArchiveManifest {
        let sorted = files.sorted { $0.key < $1.key }
        let manifest = ArchiveManifest(version: version, files: try sorted.map { try Self.describe($0.value, as: $0.key) })
        let draft = "\(path).partial-\(getpid())"
        do {
            let target = try SystemFile(creating: draft)
            try compress(manifest, files, to: target, draft)
            try target.flush()
            try SystemFile.move(draft, to: path)
        } catch {
            unlink(draft)
            throw error
        }
        try SystemFile.flushFolder((path as NSString).deletingLastPathComponent)
        return manifest
    }

    private func compress(_ manifest: ArchiveManifest, _ files: [String: String], to target: SystemFile, _ draft: String) throws {
        let copy = dup(target.descriptor)
        guard copy >= 0, let stream = gzdopen(copy, "wb6") else { throw SystemFile.failure("write", draft) }
        var isClosed = false
        defer { if !isClosed { gzclose(stream) } }
        func put(_ bytes: [UInt8]) throws {
            guard bytes.isEmpty || gzwrite(stream, bytes, UInt32(bytes.count)) == Int32(bytes.count) else {
                throw SystemFile.failure("write", draft)
            }
        }
        func end(_ header: TarHeader) throws { try put([UInt8](repeating: 0, count: header.padding)) }

        let json = [UInt8](try manifest.json())
        let first = try TarHeader(path: ArchiveManifest.name, bytes: Int64(json.count))
        try put(first.block + json)
        try end(first)
        for file in manifest.files {
            let header = try TarHeader(path: file.path, bytes: file.bytes)
            try put(header.block)
            let length = try Self.read(files[file.path] ?? "", put)
            guard length == file.bytes else { throw ArchiveError.unsound("\(file.path) was changed while it was read") }
            try end(header)
        }
        try put([UInt8](repeating: 0, count: 2 * TarHeader.blockBytes))
        isClosed = true
        guard gzclose(stream) == Z_OK else { throw SystemFile.failure("write", draft) }
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
