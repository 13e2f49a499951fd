import CZlib
import Crypto
import Foundation

/// Reads an archive that anybody may have made: nothing is written that the manifest does not name, nowhere but below the
/// target, and no byte more than it says.
public struct ArchiveReader {
    private static let chunkBytes = 1 << 16

    private let path: String

    public init(path: String) {
        self.path = path
    }

    /// Puts all files into a new folder and compares each with its checksum.
    ///
    /// - Parameter folder: it must not be there. What was written is removed where the archive is not sound.
    @discardableResult
    public func extract(to folder: String) throws -> ArchiveManifest {
        let source = try SystemFile(reading: path)
        let copy = dup(source.descriptor)
        guard copy >= 0, let stream = gzdopen(copy, "rb") else { throw SystemFile.failure("read", path) }
        defer { gzclose(stream) }
        guard mkdir(folder, 0o700) == 0 else { throw SystemFile.failure("make", folder) }
        do {
            let content = ArchiveContent(stream: stream)
            let manifest = try readManifest(content)
            try requireRoom(for: manifest, in: folder)
            for file in manifest.files { try extract(file, from: content, to: folder) }
            try content.requireEnd()
            try SystemFile.flushFolder(folder)
            return manifest
        } catch {
            // The first failure is the one to tell.
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
    }

    private func readManifest(_ content: ArchiveContent) throws -> ArchiveManifest {
        guard let header = try content.header(), header.path == ArchiveManifest.name, header.bytes <= ArchiveManifest.maxBytes else {
            throw ArchiveError.unsound("it does not begin with a manifest")
        }
        let json = try content.bytes(Int(header.bytes))
        _ = try content.bytes(header.padding)
        return try ArchiveManifest(json: Data(json))
    }

    private func extract(_ file: ArchiveManifest.File, from content: ArchiveContent, to folder: String) throws {
        guard let header = try content.header(), header.path == file.path, header.bytes == file.bytes else {
            throw ArchiveError.unsound("\(file.path) is not where the manifest says, or not as long")
        }
        let target = "\(folder)/\(file.path)"
        try FileManager.default.createDirectory(
            atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let output = try SystemFile(creating: target)
        var (hash, left) = (SHA256(), file.bytes)
        while left > 0 {
            let chunk = try content.bytes(Int(min(left, Int64(Self.chunkBytes))))
            hash.update(data: chunk)
            try output.write(chunk)
            left -= Int64(chunk.count)
        }
        _ = try content.bytes(header.padding)
        guard hash.finalize().hexadecimal == file.sha256 else { throw ArchiveError.unsound("\(file.path) does not fit its checksum") }
        try output.flush()
    }

    private func requireRoom(for manifest: ArchiveManifest, in folder: String) throws {
        let attributes = try FileManager.default.attributesOfFileSystem(forPath: folder)
        guard let free = (attributes[.systemFreeSize] as? NSNumber)?.int64Value else { return }
        let needed = try manifest.totalBytes()
        guard needed <= free else { throw ArchiveError.noRoom(needed: needed, free: free) }
    }
}

/// What comes out of the compression, block by block.
private struct ArchiveContent {
    let stream: gzFile

    func header() throws -> TarHeader? { try TarHeader(block: bytes(TarHeader.blockBytes)) }

    func bytes(_ count: Int) throws -> [UInt8] {
        guard count > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: count)
        let length = gzread(stream, &bytes, UInt32(count))
        guard length >= 0 else { throw ArchiveError.unsound("it is damaged, or no gzip file") }
        guard length == count else { throw ArchiveError.unsound("it ends too early") }
        return bytes
    }

    /// The checksum of the compressed file stands at its end.
    func requireEnd() throws {
        let zeros = try bytes(2 * TarHeader.blockBytes)
        var more: [UInt8] = [0]
        // What was cut off behind the last file shows in the state of the stream only.
        let left = gzread(stream, &more, 1)
        var state = Z_OK
        gzerror(stream, &state)
        guard zeros.allSatisfy({ $0 == 0 }), left == 0, state == Z_OK else {
            throw ArchiveError.unsound("it is damaged at the end, or holds more than its manifest names")
        }
    }
}
