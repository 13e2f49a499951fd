import Foundation

/// A program that was run to its end: `hms check`, `hms import`.
public struct CommandRun: Sendable {
    public let status: Int32
    public let output: String

    /// Runs it and waits; what it says to people is left where the tests' own output goes.
    public init(_ executable: String, _ arguments: [String], environment: [String: String] = [:]) async throws {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        self.output = await Self.readToEnd(output.fileHandleForReading)
        process.waitUntilExit()
        status = process.terminationStatus
    }

    private static func readToEnd(_ handle: FileHandle) async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(returning: String(decoding: handle.readDataToEndOfFile(), as: UTF8.self))
            }
        }
    }
}
