import ServiceKit
import Storage
import Vocabulary

/// Forgets what people were told, and what was to be told, when it is old enough. What is still to be done is never
/// forgotten.
struct Retention: Sendable {
    private let resources: ServiceResources
    private let outgoing: FileTransport

    /// Rows that one write deletes at most, so that no other write waits long.
    private static let chunk = 500

    init(_ resources: ServiceResources, outgoing: FileTransport) {
        self.resources = resources
        self.outgoing = outgoing
    }

    func clean() async throws {
        let instant = resources.clock.now() - resources.settings.notification.retention
        try await repeatedly { try $0.deleteNotifications(createdBefore: instant, limit: Self.chunk) }
        try await repeatedly { try $0.deleteAnnouncements(dueBefore: instant, limit: Self.chunk) }
        try await repeatedly { try $0.deleteDeliveries(createdBefore: instant, limit: Self.chunk) }
        let events = resources.clock.now() - resources.settings.eventRetention
        try await repeatedly { try $0.deleteEvents(receivedBefore: events, limit: Self.chunk) }
        try await outgoing.clean()
    }

    private func repeatedly(_ delete: @escaping @Sendable (Transaction) throws -> Int) async throws {
        while try await resources.database.write(delete) == Self.chunk {}
    }
}
