import Foundation

/// The executable that every part of the hospital is run from: one file, so that its processes share what they don't write to.
public struct HospitalProgram: Sendable {
    public let path: String

    /// The running executable.
    public init() throws {
        guard let own = Bundle.main.executablePath else { throw ProgramMissing(path: "hms") }
        try self.init(path: own)
    }

    public init(path: String) throws {
        guard FileManager.default.isExecutableFile(atPath: path) else { throw ProgramMissing(path: path) }
        self.path = path
    }
}

/// The hospital was not built or not installed.
public struct ProgramMissing: Error, CustomStringConvertible {
    public let path: String
    public var description: String { "\(path) is missing: build it with “make build”" }
}
