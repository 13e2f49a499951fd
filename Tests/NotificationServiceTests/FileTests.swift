import Foundation
import HMSTestKit
import NotificationRules
import Testing

@testable import NotificationService

@Suite(.timeLimit(.minutes(10))) struct FileTests {
    @Test func `letters are lines of JSON that only the owner reads`() async throws {
        let folder = try TemporaryFolder()
        let transport = FileTransport(OutgoingFile(path: "\(folder.path)/outgoing.jsonl", retention: 60))
        #expect(await transport.handOver(.sample("One\nTwo")) == .accepted)
        #expect(await transport.handOver(.sample(to: "+919876543210", subject: nil, "Short")) == .accepted)
        let lines = try folder.read("outgoing.jsonl").split(separator: "\n")
        #expect(
            lines.first == """
                {"channel":"EMAIL","correlation_id":"visit-1","event_type":"appointment.booked","message":"One\\nTwo",\
                "metadata":{"reference":"apt_7"},"notification_id":"ntf_01jq0000000000000000000000","recipient":"asha@example.org",\
                "recipient_id":"pat_01jq0000000000000000000000","subject":"Appointment booked"}
                """)
        #expect(lines.count == 2 && !lines[1].contains("subject"))
        let mode = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/outgoing.jsonl")[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func `letters at the same time do not mix`() async throws {
        let folder = try TemporaryFolder()
        let transport = FileTransport(OutgoingFile(path: "\(folder.path)/outgoing.jsonl", retention: 60))
        await withTaskGroup { group in
            for index in 0..<50 { group.addTask { _ = await transport.handOver(.sample("Message \(index)")) } }
        }
        let lines = try folder.read("outgoing.jsonl").split(separator: "\n")
        #expect(lines.count == 50 && lines.allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") })
    }

    @Test func `a batch of letters is as many lines, in their order`() async throws {
        let folder = try TemporaryFolder()
        let transport = FileTransport(OutgoingFile(path: "\(folder.path)/outgoing.jsonl", retention: 60))
        let letters = (0..<50).map { Letter.sample("Message \($0)") }
        #expect(await transport.handOver(letters) == Array(repeating: .accepted, count: 50))
        let lines = try folder.read("outgoing.jsonl").split(separator: "\n")
        #expect(lines.count == 50 && zip(lines, 0...).allSatisfy { $0.contains("\"Message \($1)\"") })
    }

    @Test func `a file that cannot be written may be writable later`() async throws {
        let handover = await FileTransport(OutgoingFile(path: "/nowhere/outgoing.jsonl", retention: 60)).handOver(.sample())
        #expect(handover == .failed("The file cannot be written: No such file or directory."))
    }
}
