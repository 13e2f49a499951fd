import Archive
import Foundation
import ServiceKit
import Storage
import Supervision

/// The data folder and what is in it.
struct FolderExamination {
    private static let mebibyte: Int64 = 1 << 20
    private static let muchLog = 256

    private let configuration: HospitalConfiguration
    private let isRunning: Bool
    private var folder: String { configuration.dataFolder }

    init(_ configuration: HospitalConfiguration, isRunning: Bool) {
        self.configuration = configuration
        self.isRunning = isRunning
    }

    func findings() -> [DoctorFinding] {
        guard FileManager.default.fileExists(atPath: folder) else {
            return [.wrong("data folder", "\(folder) is not there", do: "name it by --data, or start a hospital on it by hms up")]
        }
        let databases = HospitalServices.names.filter { !configuration.databases.isServer(of: $0) }
        return [permissions(of: folder, "data folder"), place, room].compactMap(\.self) + databases.flatMap(database)
            + [leftovers].compactMap(\.self)
    }

    private func permissions(of path: String, _ subject: String) -> DoctorFinding? {
        guard let mode = try? FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int else {
            return .wrong(subject, "\(path) can't be looked at", do: "run this as the user whom the hospital runs as")
        }
        guard mode & 0o077 != 0 else { return .fine(subject, "\(path), for its owner's eyes only") }
        return .wrong(subject, "others can get at \(path)", do: "chmod go= \(path)")
    }

    private var place: DoctorFinding? {
        guard let kind = FileSystem.kind(of: folder) else { return nil }
        return switch kind {
        case .local: nil
        case .network:
            .wrong(
                "disk", "the data folder is on a network file system, whose locks don't keep two hospitals apart",
                do: "move it to a local disk, or the data to PostgreSQL by hms copy")
        case .memory:
            .warning("disk", "the data folder is in memory, and gone when the machine stops", do: "move it to a disk")
        }
    }

    private var room: DoctorFinding {
        guard let free = Disk.freeBytes(at: folder) else {
            return .wrong("room", "the disk of \(folder) can't be asked", do: "look at it by df")
        }
        let least = Int64(configuration.storageRoomMiB) * Self.mebibyte
        let text = "\(free / Self.mebibyte) MiB are free"
        if free < least {
            return .wrong(
                "room",
                "\(text), and \(configuration.storageRoomMiB) must be (\(Settings.storageRoom.environmentName)): nothing is stored any more",
                do: "make room on the disk of \(folder); the hospital goes on by itself then")
        }
        if free < 10 * max(least, 100 * Self.mebibyte) {
            return .warning("room", "\(text); nothing is stored below \(configuration.storageRoomMiB)", do: "make room before it is needed")
        }
        return .fine("room", text)
    }

    private func database(of service: String) -> [DoctorFinding] {
        let path = configuration.databases.file(of: service, dataFolder: folder)
        guard FileManager.default.fileExists(atPath: path) else {
            return [.wrong(service, "has no database at \(path)", do: "start the hospital once, or restore a backup by hms restore")]
        }
        let log = (try? FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int).flatMap(\.self) ?? 0
        let size = log / Int(Self.mebibyte)
        return [
            permissions(of: path, service), isRunning ? nil : journal(of: service, at: path),
            size < Self.muchLog
                ? nil
                : .warning(
                    service, "its log has grown to \(size) MiB", do: "look for exports and reports that never end; a restart empties it"),
        ].compactMap(\.self)
    }

    /// A running service has proved its own at its start, and is the only one that may open the file.
    private func journal(of service: String, at path: String) -> DoctorFinding? {
        do {
            let files = try DatabaseFiles([service: path], held: true)
            let mode = try files.journalMode(of: service)
            try files.close()
            guard mode != "wal" else { return nil }
            return .warning(
                service, "its database has journal_mode \(mode), as a copy has", do: "nothing: the service changes it to wal when it starts"
            )
        } catch {
            return .wrong(service, "\(error)", do: "look at it by hms check; a damaged file is replaced from a backup")
        }
    }

    private var leftovers: DoctorFinding? {
        let parent = URL(fileURLWithPath: folder).deletingLastPathComponent().path
        let folders = [parent] + HospitalServices.names.map { BackupFolder(of: $0, in: folder).path }
        let found = folders.flatMap { folder in
            // A folder that is not there has none.
            ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
                .filter { $0.contains(ArchiveWriter.draftMark) }.map { "\(folder)/\($0)" }
        }
        guard !found.isEmpty else { return nil }
        return .warning(
            "leftovers", "of backups that are being made or were killed: \(found.joined(separator: ", "))",
            do: "remove them where no backup is under way; the next one does it too")
    }
}
