public import Contracts
import NotificationRules
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension NotificationService {
    /// Lists notifications, newest first.
    public func listNotifications(_ request: ListNotificationsRequest, _ context: CallContext) async throws -> ListNotificationsResponse {
        let rows = try PageSize.rows(request.pageSize)
        let end = try request.sequenceOfPageToken()
        let filter = try NotificationFilter(request)
        let found = try await database.scan { try $0.notifications(matching: filter, before: end, limit: rows + 1) }
        let page = found.prefix(rows)
        return ListNotificationsResponse(
            notifications: page.map(\.notification), nextPageToken: found.count > rows ? request.pageToken(after: page.last) : "")
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
        if let recipientID, !recipientID.namesPerson { throw Rejection(.patientNotFound, "There is no such patient.") }
    }
}

extension String {
    /// Whether it is an id of those who are told things: patients and doctors.
    fileprivate var namesPerson: Bool {
        [PatientID.prefix, DoctorID.prefix].contains(ParsedID(self)?.prefix)
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

extension ListNotificationsRequest {
    private var filters: [String] { [eventType, "\(channel.rawValue)", "\(status.rawValue)", recipientID].map { $0 ?? "" } }

    /// - Throws: `INVALID_ARGUMENT` for the token of another list.
    fileprivate func sequenceOfPageToken() throws -> Int64? {
        try PageToken.sortKey(in: pageToken, filters: filters).flatMap { Int64($0) }
    }

    fileprivate func pageToken(after last: StoredNotification?) -> String {
        last.map { PageToken.make(after: String($0.sequence), filters: filters) } ?? ""
    }
}
