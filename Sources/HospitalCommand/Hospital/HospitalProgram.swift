import Foundation

/// The executables of the hospital, which lie side by side.
public struct Programs: Sendable {
    public let hms: String
    public let rest: String

    /// Finds them in the folder of the running executable.
    public init() throws {
        guard let own = Bundle.main.executablePath else { throw ProgramMissing(path: "hms") }
        try self.init(hms: own, rest: URL(fileURLWithPath: own).deletingLastPathComponent().path + "/hms-rest")
    }

    public init(hms: String, rest: String) throws {
        for path in [hms, rest] where !FileManager.default.isExecutableFile(atPath: path) { throw ProgramMissing(path: path) }
        self.hms = hms
        self.rest = rest
    }
}

/// A part of the hospital was not built or not installed.
public struct ProgramMissing: Error, CustomStringConvertible {
    public let path: String
    public var description: String { "\(path) is missing: build it with “make build”" }
}
