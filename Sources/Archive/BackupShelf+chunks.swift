public import Foundation

/// Which pieces the backups of a shelf are made of: a list beside each, so that nobody has to open one to know.
extension BackupShelf {
    /// So long a backup may take to be made.
    public static let usualGrace: TimeInterval = 6 * 3_600

    /// Keeps the list of a backup that is about to get its name.
    public static func keepList(of files: [ChunkRecipe], of archive: String) throws {
        let ids = Set(files.flatMap(\.chunks)).sorted()
        let (path, draft) = (listPath(of: archive), "\(listPath(of: archive))\(ArchiveWriter.draftMark)\(getpid())")
        unlink(draft)
        let file = try SystemFile(creating: draft)
        try file.write(Array(ids.map { "\($0)\n" }.joined().utf8))
        try file.finish()
        try SystemFile.move(draft, to: path)
    }

    /// Removes the lists of backups that are gone, and the pieces that none has.
    ///
    /// - Parameter grace: what is younger, in seconds, may be of a backup that is being made.
    /// - Returns: how many pieces went.
    @discardableResult
    public func removeUnusedChunks(grace: TimeInterval = usualGrace) throws -> Int {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        let backups = Set(files.compactMap { BackupName($0) }.map { Self.listPath(of: path(of: $0)) })
        var wanted: Set<String> = []
        for name in files where name.hasSuffix(ChunkRecipe.suffix) {
            let list = "\(folder)/\(name)"
            if try backups.contains(list) || isYounger(list, than: grace) {
                wanted.formUnion(try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n").map(String.init))
            } else {
                guard unlink(list) == 0 || errno == ENOENT else { throw SystemFile.failure("remove", list) }
            }
        }
        // A backup without its list would lose its pieces.
        guard backups.allSatisfy({ FileManager.default.fileExists(atPath: $0) }) else { return 0 }
        return try ChunkStore(beside: "\(folder)/any").removeUnused(keeping: wanted, grace: grace)
    }

    /// `hospital-TIME.chunks`, whether the backup is sound or not.
    private static func listPath(of archive: String) -> String {
        let url = URL(fileURLWithPath: archive)
        let stem = BackupName(url.lastPathComponent).map { BackupName(at: $0.instant).description } ?? url.lastPathComponent
        return url.deletingLastPathComponent().path + "/" + (stem as NSString).deletingPathExtension + ChunkRecipe.suffix
    }

    private func isYounger(_ path: String, than grace: TimeInterval) throws -> Bool {
        let written = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
        return written.map { -$0.timeIntervalSinceNow < grace } ?? true
    }
}
