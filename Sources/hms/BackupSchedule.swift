import Archive
import Foundation
import HospitalCheck
import ServiceKit
import Vocabulary

/// Backups that are made again and again, and go when they are old.
struct BackupSchedule {
    private let shelf: BackupShelf
    private let interval: Duration
    private let keeping: Duration

    /// - Parameters:
    ///   - shelf: where they go.
    ///   - interval: from the beginning of one to the beginning of the next.
    ///   - keeping: how old they get.
    init(_ shelf: BackupShelf, every interval: Duration, keeping: Duration) {
        self.shelf = shelf
        self.interval = interval
        self.keeping = keeping
    }

    /// Until the task is cancelled. One that fails is told, and costs no older one.
    func run(_ backup: HospitalBackup) async throws {
        try shelf.prepare()
        var next = ContinuousClock.now
        while !Task.isCancelled {
            do {
                try await makeOne(backup)
            } catch {
                Output.remark("No backup was made: \(error)")
            }
            next = max(next + interval, .now)
            try await Task.sleep(until: next)
        }
    }

    private func makeOne(_ backup: HospitalBackup) async throws {
        let now = Instant.ofMachine()
        let path = shelf.path(of: BackupName(at: now))
        let made = try await backup.write(to: path, ChunkStore(beside: path))
        guard made.report.isSound else {
            let marked = shelf.path(of: BackupName(at: now, isSound: false))
            try ArchiveReader.move(path, to: marked)
            return Output.remark("\(marked): its data contradict one another, and nothing older goes\n\(made.report)")
        }
        Output.print("\(path): \(made)")
        for name in try shelf.removeExpired(keeping: keeping, at: now) { Output.print("\(shelf.path(of: name)): removed, it was old") }
        try shelf.removeUnusedChunks()
    }
}
