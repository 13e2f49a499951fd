import Foundation
import Testing
import Vocabulary

@testable import Archive

/// Which scheduled backups go, and which stay.
@Suite struct BackupShelfTests {
    private let now = Instant(rfc3339: "2026-11-27T12:00:00Z") ?? Instant(millisecondsSinceEpoch: 0)

    private func name(minutesAgo: Int, isSound: Bool = true) -> BackupName {
        BackupName(at: now - .seconds(60 * minutesAgo), isSound: isSound)
    }

    @Test func `a name tells when, and whether the data were sound`() {
        for instant in [now, now + .milliseconds(7)] {
            for isSound in [true, false] {
                let name = BackupName(at: instant, isSound: isSound)
                #expect(BackupName(name.description) == name)
            }
        }
        for other in ["", "hospital-.backup", "hospital-now.backup", "notes.txt", "hospital-20261127T120000Z.backup.partial-7"] {
            #expect(BackupName(other) == nil)
        }
    }

    @Test func `what is older than it is kept goes, and not what is just as old`() {
        let names = [name(minutesAgo: 0), name(minutesAgo: 60), name(minutesAgo: 61), name(minutesAgo: 500)]
        #expect(BackupShelf.expired(names, keeping: .seconds(3600), at: now) == [name(minutesAgo: 500), name(minutesAgo: 61)])
    }

    @Test func `the last sound backup stays, however old it is and whatever came after it`() {
        let last = name(minutesAgo: 300)
        let names = [name(minutesAgo: 5, isSound: false), name(minutesAgo: 200, isSound: false), last, name(minutesAgo: 400)]
        #expect(
            BackupShelf.expired(names, keeping: .seconds(3600), at: now)
                == [name(minutesAgo: 400), name(minutesAgo: 200, isSound: false)])
        #expect(BackupShelf.expired([last], keeping: .zero, at: now).isEmpty)
    }

    @Test func `only scheduled backups go from their folder`() throws {
        let folder = NSTemporaryDirectory() + "shelf-\(UUID().uuidString)"
        let shelf = BackupShelf(folder)
        try shelf.prepare()
        let names = ["\(name(minutesAgo: 500))", "\(name(minutesAgo: 1))", "notes.txt"]
        for name in names { try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
        #expect(try shelf.removeExpired(keeping: .seconds(3600), at: now) == [name(minutesAgo: 500)])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [names[1], names[2]].sorted())
        try FileManager.default.removeItem(atPath: folder)
    }
}
