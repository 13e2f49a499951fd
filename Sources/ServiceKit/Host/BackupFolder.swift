import Foundation

/// Where a service puts copies of its database, for its owner's eyes only.
public struct BackupFolder: Sendable {
    public let path: String

    public init(of service: String, in dataFolder: String) {
        path = "\(dataFolder)/\(service)/backups"
    }

    /// The name of a copy that a command asks for and removes again; a later one finds out whether it still lives.
    public static func temporaryName(_ purpose: Purpose) -> String {
        "\(purpose.rawValue)-\(ProcessInfo.processInfo.processIdentifier)"
    }

    public enum Purpose: String, CaseIterable, Sendable {
        case check, backup
    }

    /// Where the copy of this name goes. The folder is there then, without what killed processes have left.
    func place(of name: String) throws -> String {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        Leftovers.remove(in: path, process: Self.process)
        return "\(path)/\(name).sqlite"
    }

    /// What killed processes have left, as the service begins.
    func removeLeftoversAtStart() {
        Leftovers.remove(in: path, isStart: true, process: Self.process)
    }

    /// `check-4711.sqlite`, and of copies that were not finished `NAME.sqlite.partial-4711` with what SQLite has beside it.
    private static func process(of name: String) -> Int32? {
        if let partial = name.range(of: ".sqlite.partial-") {
            return Int32(name[partial.upperBound...].prefix { $0.isNumber })
        }
        for purpose in Purpose.allCases where name.hasPrefix("\(purpose.rawValue)-") && name.hasSuffix(".sqlite") {
            return Int32(name.dropFirst(purpose.rawValue.count + 1).dropLast(".sqlite".count))
        }
        return nil
    }
}
