import ArgumentParser
import Foundation
import ServiceKit
import Storage
import Vocabulary

/// Who was forgotten, by id: a file that is kept longer than the backups in which they are still to be found. A line each,
/// `pat_01hv… 2026-03-02T03:30:00Z`; it names nobody.
struct ForgottenList {
    static let name = "forgotten.txt"

    private let path: String

    init(_ path: String) {
        self.path = path
    }

    /// The one that is kept with an archive.
    init(beside archive: String) {
        path = URL(fileURLWithPath: archive).deletingLastPathComponent().path + "/" + Self.name
    }

    var isThere: Bool { FileManager.default.fileExists(atPath: path) }

    /// - Throws: where a line is none of such a list: whoever reads it would bring somebody back.
    func people() throws -> [ForgottenPerson] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
            let parts = line.split(separator: " ")
            guard parts.count == 2, let instant = Instant(rfc3339: String(parts[1])) else {
                throw ValidationError("\(path) is no list of forgotten patients: “\(line.prefix(80))”")
            }
            return ForgottenPerson(id: String(parts[0]), forgottenAt: instant.millisecondsSinceEpoch)
        }
    }

    /// Adds who is not in it yet. Nobody is ever taken out.
    func add(_ people: [ForgottenPerson]) throws {
        let known = isThere ? try self.people() : []
        let ids = Set(known.map(\.id))
        let new = people.filter { !ids.contains($0.id) }
        if new.isEmpty { return }
        let lines = (known + new).map { "\($0.id) \(Instant(millisecondsSinceEpoch: $0.forgottenAt).rfc3339)\n" }
        try Data(lines.joined().utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }
}
