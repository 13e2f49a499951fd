import Crypto
import Foundation

/// Reads an archive that anybody may have made: nothing is written that the manifest does not name, nowhere but below the
/// target, and no byte more than it says.
public struct ArchiveReader {
    private static let chunkBytes = 1 << 16

    private let path: String
    private let key: BackupKey?

    /// - Parameter key: for an archive that is encrypted.
    public init(path: String, key: BackupKey? = nil) {
        self.path = path
        self.key = key
    }

    /// Puts all files into a new folder and compares each with its checksum.
    ///
    /// - Parameter folder: it must not be there. What was written is removed where the archive is not sound.
    @discardableResult
    public func extract(to folder: String) throws -> ArchiveManifest {
        let content = ArchiveContent(ExactSource(try GzipSource(try SealedSource.opening(path, with: key))))
        guard mkdir(folder, 0o700) == 0 else { throw SystemFile.failure("make", folder) }
        do {
            let manifest = try readManifest(content)
            try requireRoom(for: manifest, in: folder)
            for file in manifest.files { try extract(file, from: content, to: folder) }
            try content.requireEnd()
            for file in manifest.files where file.path.hasSuffix(ChunkRecipe.suffix) { try assemble("\(folder)/\(file.path)") }
            try flushFolders(of: manifest, in: folder)
            return manifest
        } catch {
            // The first failure is the one to tell.
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
    }

    /// Gives what was extracted its place, durably. A folder that is there must be empty.
    public static func move(_ folder: String, to target: String) throws {
        try SystemFile.move(folder, to: target)
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
        try output.finish()
    }

    /// Puts a file that lies in pieces beside the archive in the place of the list of its pieces.
    private func assemble(_ list: String) throws {
        let recipe = try ChunkRecipe(String(contentsOfFile: list, encoding: .utf8))
        try ChunkStore(beside: path).assemble(recipe, to: String(list.dropLast(ChunkRecipe.suffix.count)), key: key)
        guard unlink(list) == 0 else { throw SystemFile.failure("remove", list) }
    }

    private func flushFolders(of manifest: ArchiveManifest, in folder: String) throws {
        var folders: Set = [folder]
        for file in manifest.files {
            var parent = SystemFile.folder(of: "\(folder)/\(file.path)")
            while folders.insert(parent).inserted { parent = SystemFile.folder(of: parent) }
        }
        for path in folders { try SystemFile.flushFolder(path) }
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
    private let source: ExactSource

    init(_ source: ExactSource) {
        self.source = source
    }

    func header() throws -> TarHeader? { try TarHeader(block: bytes(TarHeader.blockBytes)) }

    func bytes(_ count: Int) throws -> [UInt8] { try source.bytes(count) }

    /// Two blocks of zeros, and nothing behind them.
    func requireEnd() throws {
        guard try bytes(2 * TarHeader.blockBytes).allSatisfy({ $0 == 0 }), try source.read().isEmpty else {
            throw ArchiveError.unsound("it is damaged at the end, or holds more than its manifest names")
        }
    }
}
