import Foundation
public import Vocabulary

/// What a scheduled backup is called: when it was begun, and whether its data were sound. `hospital-20261127T231500.250Z.backup`
public struct BackupName: Hashable, Comparable, Sendable, CustomStringConvertible {
    private static let start = "hospital-"
    private static let end = ".backup"
    private static let unsound = ".unsound"

    public let instant: Instant
    public let isSound: Bool

    public init(at instant: Instant, isSound: Bool = true) {
        self.instant = instant
        self.isSound = isSound
    }

    /// Nil where the file is none of ours.
    public init?(_ text: String) {
        guard text.hasPrefix(Self.start), text.hasSuffix(Self.end) else { return nil }
        var middle = text.dropFirst(Self.start.count).dropLast(Self.end.count)
        isSound = !middle.hasSuffix(Self.unsound)
        if !isSound { middle = middle.dropLast(Self.unsound.count) }
        guard let instant = Self.instant(of: Array(middle)) else { return nil }
        self.instant = instant
    }

    public var description: String {
        let basic = instant.rfc3339.filter { $0 != "-" && $0 != ":" }
        return Self.start + basic + (isSound ? "" : Self.unsound) + Self.end
    }

    public static func < (one: BackupName, other: BackupName) -> Bool { one.instant < other.instant }

    /// Puts the dashes and colons back that file names are better without.
    private static func instant(of basic: [Character]) -> Instant? {
        guard basic.count > 13 else { return nil }
        let date = "\(String(basic[0..<4]))-\(String(basic[4..<6]))-\(String(basic[6..<8]))"
        let time = "\(String(basic[8..<11])):\(String(basic[11..<13])):\(String(basic[13...]))"
        return Instant(rfc3339: date + time)
    }
}

/// A folder of scheduled backups.
public struct BackupShelf: Sendable {
    let folder: String

    public init(_ folder: String) {
        self.folder = URL(fileURLWithPath: folder).path
    }

    public func path(of name: BackupName) -> String { "\(folder)/\(name)" }

    /// Makes the folder where there is none, for its owner only.
    public func prepare() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw ArchiveError.system(act: "make", path: folder, reason: error.localizedDescription)
        }
    }

    /// The last sound backup that was begun at an instant or before it; of all where there is no instant. Nil where there is none.
    public func last(at instant: Instant? = nil) throws -> BackupName? {
        try names().filter { name in name.isSound && instant.map { name.instant <= $0 } ?? true }.max()
    }

    private func names() throws -> [BackupName] {
        try FileManager.default.contentsOfDirectory(atPath: folder).compactMap { BackupName($0) }
    }

    /// Removes what is too old, but never the last sound backup.
    ///
    /// - Returns: what was removed.
    public func removeExpired(keeping: Duration, at now: Instant) throws -> [BackupName] {
        let expired = Self.expired(try names(), keeping: keeping, at: now)
        for name in expired {
            guard unlink(path(of: name)) == 0 || errno == ENOENT else { throw SystemFile.failure("remove", path(of: name)) }
        }
        return expired
    }

    /// Which backups are too old. The last sound one never is, for it may be all there is.
    static func expired(_ names: [BackupName], keeping: Duration, at now: Instant) -> [BackupName] {
        let last = names.filter(\.isSound).max()
        return names.filter { $0.instant < now - keeping && $0 != last }.sorted()
    }
}
