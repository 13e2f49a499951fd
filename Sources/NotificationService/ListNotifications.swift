public import Contracts
import NotificationRules
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension NotificationService {
    /// Lists notifications, newest first.
    public func listNotifications(_ request: ListNotificationsRequest, _ context: CallContext) async throws -> ListNotificationsResponse {
        let page = try PageRequest<Int64>(
            request.pageSize, after: request.pageToken,
            filters: [request.eventType, "\(request.channel.rawValue)", "\(request.status.rawValue)", request.recipientID])
        let filter = try NotificationFilter(request)
        let notifications = try await database.scan { try $0.notifications(matching: filter, on: page) }
        return ListNotificationsResponse(notifications: notifications.rows.map(\.notification), nextPageToken: notifications.nextToken)
    }
}

/// Which notifications a list holds: those that meet every condition. Nil sets none.
struct NotificationFilter: Sendable {
    let eventType: String?
    let channel: Channel?
    let status: NotificationStatus?
    let recipientID: String?

    fileprivate init(_ request: ListNotificationsRequest) throws(Rejection) {
        eventType = request.eventType
        channel = Channel(request.channel)
        status = request.status == .unspecified ? nil : request.status
        recipientID = request.recipientID
        if let recipientID, !recipientID.namesPerson { throw Rejection.notFound(.patient) }
    }
}

extension String {
    /// Whether it is an id of those who are told things: patients and doctors.
    fileprivate var namesPerson: Bool {
        [RecordKind.patient, .doctor].contains { ParsedID.isValid(self, prefix: $0.prefix) }
    }
}

extension Channel {
    /// Nil where the message names none.
    init?(_ channel: NotificationChannel) {
        switch channel {
        case .email: self = .email
        case .sms: self = .sms
        case .unspecified, .unrecognized: return nil
        }
    }
}
