import Foundation
import HMSTestKit
import PlainText
import Testing

/// A program of somebody else's that is told of events, and checks them as the client for Python has it.
final class WebhookReceiver: Sendable {
    let port: Int
    static let secret = "hush hush hush hush"
    private let lifeline = Pipe()
    private let folder: TemporaryFolder

    private static let posts = "posts.jsonl"

    /// - Parameter statuses: what it answers, in turn; the last for ever.
    init(answering statuses: Int..., secret: String = WebhookReceiver.secret) throws {
        folder = try TemporaryFolder()
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let root = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = [here.appending(path: "receiver.py").path, secret, "\(folder.path)/\(Self.posts)"] + statuses.map(String.init)
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["PYTHONPATH": root.appending(path: "Generated/Python/hms_client").path, "PYTHONDONTWRITEBYTECODE": "1"]
        ) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = lifeline
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        port = try #require(Int(line.trimmingCharacters(in: .newlines)), "receiver.py did not start")
    }

    deinit {
        try? lifeline.fileHandleForWriting.close()
    }

    /// What it was posted, in order.
    func received() throws -> [JSONValue] {
        guard let text = try? folder.read(Self.posts) else { return [] }
        return try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }
}
