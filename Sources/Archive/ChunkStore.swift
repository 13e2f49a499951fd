import Crypto
import Foundation

/// A folder of pieces of files, each there once, in however many backups it is: `chunks/3f/3f0a…`. What did not change between two
/// backups is not written again, and a backup needs no other one to be whole.
///
/// A piece is called by the SHA-256 of what it holds, and of the key that it is encrypted to. It is compressed, gets its name when
/// it is on the disk, and is never changed.
public struct ChunkStore: Sendable {
    static let chunkBytes = 1 << 16
    public static let folderName = "chunks"

    private let folder: String

    public init(beside archive: String) {
        folder = URL(fileURLWithPath: archive).deletingLastPathComponent().path + "/" + Self.folderName
    }

    /// Whether a file is longer than one piece, so that a next backup may find some of it here; what is shorter is soon written.
    public static func isWorthPieces(_ path: String) -> Bool {
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        return size ?? 0 > chunkBytes
    }

    /// Cuts a file into pieces, and keeps those that are not there yet.
    public func store(_ path: String, to key: BackupPublicKey?) throws -> StoredFile {
        let source = try SystemFile(reading: path)
        var (hash, ids, bytes, new) = (SHA256(), [String](), Int64(0), Int64(0))
        var touched: Set<String> = []
        while case let chunk = try source.read(filling: Self.chunkBytes), !chunk.isEmpty {
            hash.update(data: chunk)
            let id = Self.id(of: chunk, key)
            ids.append(id)
            bytes += Int64(chunk.count)
            if try keep(chunk, as: id, key, &touched) { new += Int64(chunk.count) }
        }
        for folder in touched { try SystemFile.flushFolder(folder) }
        let recipe = ChunkRecipe(bytes: bytes, sha256: hash.finalize().hexadecimal, chunks: ids)
        return StoredFile(recipe: recipe, newBytes: new)
    }

    /// Puts a file together again.
    ///
    /// - Throws: ``ArchiveError/unsound(_:)`` where a piece is missing or another than it was.
    func assemble(_ recipe: ChunkRecipe, to path: String, key: BackupKey?) throws {
        let file = try SystemFile(creating: path)
        var (hash, left) = (SHA256(), recipe.bytes)
        for id in recipe.chunks {
            let chunk = try read(id, key)
            left -= Int64(chunk.count)
            guard left >= 0 else { break }
            hash.update(data: chunk)
            try file.write(chunk)
        }
        guard left == 0, hash.finalize().hexadecimal == recipe.sha256 else { throw ArchiveError.unsound("\(path) is not what it was") }
        try file.finish()
    }

    /// Removes the pieces that no backup has.
    ///
    /// - Parameter grace: what is younger, in seconds, may be of a backup that is being made.
    /// - Returns: how many went.
    @discardableResult
    func removeUnused(keeping wanted: Set<String>, grace: TimeInterval) throws -> Int {
        guard FileManager.default.fileExists(atPath: folder) else { return 0 }
        var count = 0
        for part in try FileManager.default.contentsOfDirectory(atPath: folder) {
            for name in try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(part)") where !wanted.contains(name) {
                let path = "\(folder)/\(part)/\(name)"
                let written = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
                guard let written, -written.timeIntervalSinceNow >= grace else { continue }
                guard unlink(path) == 0 || errno == ENOENT else { throw SystemFile.failure("remove", path) }
                count += 1
            }
        }
        return count
    }
}

// MARK: - One piece

extension ChunkStore {
    private static func id(of chunk: [UInt8], _ key: BackupPublicKey?) -> String {
        var hash = SHA256()
        if let key { hash.update(data: key.key.rawRepresentation) }
        hash.update(data: chunk)
        return hash.finalize().hexadecimal
    }

    private func path(of id: String) -> String { "\(folder)/\(id.prefix(2))/\(id)" }

    /// - Returns: whether it was not there.
    private func keep(_ chunk: [UInt8], as id: String, _ key: BackupPublicKey?, _ touched: inout Set<String>) throws -> Bool {
        let path = path(of: id)
        // It is as if it had been written now: nobody removes it as one that no backup has.
        if utimes(path, nil) == 0 { return false }
        let parent = SystemFile.folder(of: path)
        if touched.insert(parent).inserted { try Self.make(parent) }
        let draft = "\(path)\(ArchiveWriter.draftMark)\(getpid())"
        unlink(draft)
        do {
            let file = try SystemFile(creating: draft)
            let target: any ByteSink = if let key { try SealingSink(file, to: key) } else { file }
            let sink = try GzipSink(target)
            try sink.write(chunk)
            try sink.finish()
            guard rename(draft, path) == 0 else { throw SystemFile.failure("rename", draft) }
        } catch {
            unlink(draft)
            throw error
        }
        return true
    }

    private func read(_ id: String, _ key: BackupKey?) throws -> [UInt8] {
        let path = path(of: id)
        guard FileManager.default.fileExists(atPath: path) else { throw ArchiveError.unsound("the piece \(id) is missing") }
        let source = try GzipSource(try SealedSource.opening(path, with: key))
        var chunk: [UInt8] = []
        while case let more = try source.read(), !more.isEmpty {
            chunk += more
            guard chunk.count <= Self.chunkBytes else { throw ArchiveError.unsound("the piece \(id) is longer than any") }
        }
        guard Self.id(of: chunk, try SealedSource.isSealed(path) ? key?.publicKey : nil) == id else {
            throw ArchiveError.unsound("the piece \(id) is another than it was")
        }
        return chunk
    }

    private static func make(_ folder: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw ArchiveError.system(act: "make", path: folder, reason: error.localizedDescription)
        }
    }
}

/// A file that lies in pieces.
public struct StoredFile: Sendable {
    public let recipe: ChunkRecipe
    /// How much of it was not there yet.
    public let newBytes: Int64
}

/// Which pieces a file is made of, and what it has to be.
public struct ChunkRecipe: Hashable, Sendable, CustomStringConvertible {
    private static let word = "hms-chunks-1"
    /// What a file in an archive is called that stands for one in pieces.
    public static let suffix = ".chunks"

    let bytes: Int64
    let sha256: String
    public let chunks: [String]

    init(bytes: Int64, sha256: String, chunks: [String]) {
        self.bytes = bytes
        self.sha256 = sha256
        self.chunks = chunks
    }

    public var description: String { ("\(Self.word) \(bytes) \(sha256)\n" + chunks.map { "\($0)\n" }.joined()) }

    /// - Throws: ``ArchiveError/unsound(_:)`` where it is none.
    init(_ text: String) throws {
        let lines = text.split(separator: "\n")
        let first = lines.first?.split(separator: " ") ?? []
        guard first.count == 3, first[0] == Self.word, let bytes = Int64(first[1]), bytes >= 0, lines.dropFirst().allSatisfy(Self.isID)
        else {
            throw ArchiveError.unsound("a list of pieces can't be read")
        }
        self.init(bytes: bytes, sha256: String(first[2]), chunks: lines.dropFirst().map(String.init))
    }

    private static func isID(_ text: Substring) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
