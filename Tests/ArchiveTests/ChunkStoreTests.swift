import Foundation
import Testing
import Vocabulary

@testable import Archive

/// Pieces of files, and which of them stay.
@Suite struct ChunkStoreTests {
    private let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "chunks-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private var store: ChunkStore { ChunkStore(beside: folder + "/any") }

    private func file(_ pieces: [UInt8], _ rest: Int = 0) throws -> String {
        let path = "\(folder)/\(UUID().uuidString)"
        let bytes = pieces.flatMap { [UInt8](repeating: $0, count: ChunkStore.chunkBytes) } + [UInt8](repeating: 9, count: rest)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test(arguments: [0, 1, 65_535]) func `what is stored comes back, and what was there is not written again`(rest: Int) throws {
        let first = try store.store(file([1, 2, 3]), to: nil)
        #expect(first.recipe.chunks.count == 3 && first.newBytes == 3 * 65_536)
        let path = try file([1, 7, 3], rest)
        let second = try store.store(path, to: nil)
        #expect(second.newBytes == 65_536 + Int64(rest))
        let read = try ChunkRecipe(second.recipe.description)
        #expect(read == second.recipe)
        try store.assemble(read, to: folder + "/back", key: nil)
        #expect(FileManager.default.contentsEqual(atPath: path, andPath: folder + "/back"))
    }

    @Test func `what was encrypted to one key is not taken for what is encrypted to another`() throws {
        let (one, other) = (BackupKey.make(), BackupKey.make())
        let path = try file([1])
        let first = try store.store(path, to: one.publicKey)
        let second = try store.store(path, to: other.publicKey)
        #expect(first.recipe.chunks != second.recipe.chunks)
        try store.assemble(second.recipe, to: folder + "/back", key: other)
        #expect(throws: ArchiveError.self) { try store.assemble(first.recipe, to: folder + "/wrong", key: other) }
        #expect(throws: ArchiveError.self) { try store.assemble(first.recipe, to: folder + "/none", key: nil) }
    }

    @Test(arguments: ["", "hms-chunks-1 5", "hms-chunks-1 -1 aa", "hms-chunks-1 5 aa\n../../etc/passwd", "other 5 aa"])
    func `a list that no backup has written is refused`(text: String) {
        #expect(throws: ArchiveError.self) { try ChunkRecipe(text) }
    }

    @Test func `pieces go when no backup has them any more, and not while one may be being made`() throws {
        let shelf = BackupShelf(folder)
        let names = [0, 60].map { BackupName(at: Instant(millisecondsSinceEpoch: $0 * 1_000)) }
        for (name, content) in zip(names, [[1, 2], [2, 3]] as [[UInt8]]) {
            let stored = try store.store(file(content), to: nil)
            try BackupShelf.keepList(of: [stored.recipe], of: shelf.path(of: name))
            try Data().write(to: URL(fileURLWithPath: shelf.path(of: name)))
        }
        #expect(try shelf.removeUnusedChunks(grace: 0) == 0)
        #expect(unlink(shelf.path(of: names[0])) == 0)
        #expect(try shelf.removeUnusedChunks() == 0, "younger than a backup may take")
        #expect(try shelf.removeUnusedChunks(grace: 0) == 1)
        #expect(try store.store(file([2, 3]), to: nil).newBytes == 0)
        #expect(try shelf.last() == names[1])
        #expect(try shelf.last(at: Instant(millisecondsSinceEpoch: 59_999)) == nil)
        #expect(try shelf.last(at: Instant(millisecondsSinceEpoch: 60_000)) == names[1])
    }
}
