import Contracts
import HMSTestKit
import ProtobufC
import RPC
import ServiceKit

/// What people are told, and what services tell each other and their operator.
extension AccessMatrixTests {
    static let news: [String: AccessRow] = [
        // A patient without a telephone.
        "hms.notification.v1.NotificationService/SendNotification": .ofAnybody("CHANNEL_MISSING", absent: "PATIENT_NOT_FOUND") {
            try AccessRequest(SendNotificationRequest(recipientID: $0.patient, channel: .sms, message: "Please call us."))
        },
        "hms.notification.v1.NotificationService/GetNotification": .ofAnybody(absent: "NOTIFICATION_NOT_FOUND") {
            try AccessRequest(GetNotificationRequest(notificationID: $0.notification))
        },
        "hms.notification.v1.NotificationService/ListNotifications": .ofAnybody(absent: "OK") {
            try AccessRequest(ListNotificationsRequest(recipientID: $0.patient))
        },
        "hms.notification.v1.NotificationService/RetryNotification": .ofAnybody("INVALID_STATE", absent: "NOTIFICATION_NOT_FOUND") {
            try AccessRequest(RetryNotificationRequest(notificationID: $0.notification))
        },
        "hms.notification.v1.NotificationService/CreateWebhook": .ofNobody { _ in
            try AccessRequest(CreateWebhookRequest(url: "https://lab.example/hospital", eventTypes: ["appointment.booked"]))
        },
        "hms.notification.v1.NotificationService/GetWebhook": .ofNobody("WEBHOOK_NOT_FOUND") { _ in
            try AccessRequest(GetWebhookRequest(webhookID: "whk_01jq0000000000000000000000"))
        },
        "hms.notification.v1.NotificationService/ListWebhooks": .ofNobody { _ in try AccessRequest(ListWebhooksRequest()) },
        "hms.notification.v1.NotificationService/DeleteWebhook": .ofNobody("WEBHOOK_NOT_FOUND") { _ in
            try AccessRequest(DeleteWebhookRequest(webhookID: "whk_01jq0000000000000000000000"))
        },
        "hms.notification.v1.NotificationService/ListWebhookDeliveries": .ofNobody("WEBHOOK_NOT_FOUND") { _ in
            try AccessRequest(ListWebhookDeliveriesRequest(webhookID: "whk_01jq0000000000000000000000"))
        },
        "hms.notification.v1.NotificationService/ReplayWebhookDelivery": .ofNobody("WEBHOOK_NOT_FOUND") { _ in
            let id = "01jq0000000000000000000000"
            return try AccessRequest(ReplayWebhookDeliveryRequest(webhookID: "whk_\(id)", deliveryID: "dlv_\(id)"))
        },
        "hms.notification.v1.NotificationService/ReplayWebhook": .ofNobody("WEBHOOK_NOT_FOUND") { _ in
            try AccessRequest(ReplayWebhookRequest(webhookID: "whk_01jq0000000000000000000000"))
        },
        "hms.notification.v1.NotificationService/ListEvents": .ofNobody { _ in try AccessRequest(ListEventsRequest()) },
        "hms.notification.v1.NotificationService/ExportNotifications": .ofNobody { _ in try AccessRequest(ExportNotificationsRequest()) },
    ]

    static let plumbing: [String: AccessRow] = [
        "hms.event.v1.EventService/DeliverEvents": .ofNobody { _ in try AccessRequest(DeliverEventsRequest(producer: "test")) },
        "hms.event.v1.EventService/FindMissingEvents": .ofNobody { _ in try AccessRequest(FindMissingEventsRequest()) },
        "hms.event.v1.EventService/ForgetEvents": .ofNobody { _ in try AccessRequest(ForgetEventsRequest(producer: "test", beforePlace: 1))
        },
        "hms.rpc.v1.DeadLetterService/ListDeadLetters": .ofNobody { _ in try AccessRequest(ListDeadLettersRequest()) },
        "hms.rpc.v1.DeadLetterService/ReviveDeadLetters": .ofNobody { _ in try AccessRequest(ReviveDeadLettersRequest(all: true)) },
        "hms.rpc.v1.TraceService/RecentSpans": .ofNobody { _ in try AccessRequest(RecentSpansRequest()) },
        "hms.rpc.v1.TraceService/Overview": .ofNobody { _ in try AccessRequest(OverviewRequest()) },
        "hms.audit.v1.AuditService/KeepAuditHead": .ofNobody { _ in
            try AccessRequest(KeepAuditHeadRequest(service: "test", place: 1, hash: Array(repeating: 7, count: 32)))
        },
        "hms.audit.v1.AuditService/ListAuditedCalls": .ofAnybody(absent: "OK") {
            try AccessRequest(ListAuditedCallsRequest(patientID: $0.patient))
        },
        "hms.rpc.v1.BackupService/BackUp": .ofNobody(TestHospital.isOnSQLite ? "OK" : "UNIMPLEMENTED") { _ in
            try AccessRequest(BackUpRequest(name: "matrix"))
        },
        // For a thousandth of a second.
        "hms.rpc.v1.BackupService/HoldWrites": .ofNobody(TestHospital.isOnSQLite ? "OK" : "UNIMPLEMENTED") { _ in
            try AccessRequest(HoldWritesRequest(name: "matrix", limitMs: 1))
        },
        "hms.rpc.v1.BackupService/ReleaseWrites": .ofNobody("HOLD_NOT_FOUND") { _ in
            try AccessRequest(ReleaseWritesRequest(name: "nobody"))
        },
        "hms.rpc.v1.HealthService/Check": .ofNobody { _ in try AccessRequest(CheckRequest()) },
        "hms.rpc.v1.ReflectionService/Describe": .ofNobody { _ in try AccessRequest(DescribeRequest()) },
    ]
}
