import Archive
import ArgumentParser
import Foundation
import Vocabulary

/// Which archive is meant: one by its name, or the last of a folder of scheduled ones.
struct ArchiveChoice: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The archive, or the folder of “hms backup --every”: its last sound one.", valueName: "archive"))
    var archive: String

    @Option(help: ArgumentHelp("Of a folder, the last one that was begun by then, like 2026-03-02T09:00:00+05:30.", valueName: "time"))
    var at: String?

    func validate() throws {
        guard at.map({ Instant(rfc3339: $0) != nil }) ?? true else {
            throw ValidationError("--at must be a time with an offset, like 2026-03-02T09:00:00+05:30.")
        }
    }

    /// Its path.
    func path() throws -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: archive, isDirectory: &isFolder), isFolder.boolValue else {
            guard at == nil else { throw ValidationError("--at chooses from a folder, and \(archive) is none.") }
            return archive
        }
        let shelf = BackupShelf(archive)
        guard let name = try shelf.last(at: at.flatMap { Instant(rfc3339: $0) }) else {
            throw ValidationError("\(archive) has no sound backup\(at.map { " of \($0) or before" } ?? "").")
        }
        return shelf.path(of: name)
    }
}
