import Foundation
import HMSTestKit
import Testing

/// A server in Python that runs as long as this lives, and writes what it takes to a file before it answers. It ends with
/// its standard input, so none outlives the tests.
final class ServerProcess: Sendable {
    let port: Int
    private let lifeline = Pipe()
    private let folder: TemporaryFolder

    private static let takings = "takings.jsonl"

    /// Returns when the server listens.
    init(_ script: String, _ arguments: [String] = []) throws {
        folder = try TemporaryFolder()
        let scripts = try #require(Bundle.module.resourceURL).appending(path: "Servers")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = [scripts.appending(path: script).path] + arguments + ["\(folder.path)/\(Self.takings)"]
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = lifeline
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        port = try #require(Int(line.trimmingCharacters(in: .newlines)), "\(script) did not start; is python3-aiosmtpd installed?")
    }

    deinit {
        try? lifeline.fileHandleForWriting.close()
    }

    /// What it has taken, in order.
    func takings<Taking: Decodable>(_ type: Taking.Type = Taking.self) throws -> [Taking] {
        guard let text = try? folder.read(Self.takings) else { return [] }
        return try text.split(separator: "\n").map { try JSONDecoder().decode(Taking.self, from: Data($0.utf8)) }
    }
}
