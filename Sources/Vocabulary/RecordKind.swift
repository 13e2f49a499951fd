/// What an id can be the id of. An id begins with its kind's prefix: `pat_01jq…`.
///
/// Ids are texts everywhere: messages and tables hold them as such, and the contract, which says of each field whose id it
/// holds, refuses one of another kind before a service sees it.
public enum RecordKind: String, CaseIterable, Hashable, Sendable {
    case patient, doctor, leave, appointment, bill, payment, refund, prescription, notification, webhook, event
    /// What a webhook is told.
    case delivery

    public var prefix: String {
        switch self {
        case .patient: "pat"
        case .doctor: "doc"
        case .leave: "lev"
        case .appointment: "apt"
        case .bill: "bil"
        case .payment: "pay"
        case .refund: "rfd"
        case .prescription: "rx"
        case .notification: "ntf"
        case .webhook: "whk"
        case .delivery: "dlv"
        case .event: "evt"
        }
    }

    /// What is answered where no record of the kind has an id. A refund is part of its payment.
    public var notFound: RejectionCode {
        switch self {
        case .patient: .patientNotFound
        case .doctor: .doctorNotFound
        case .leave: .leaveNotFound
        case .appointment: .appointmentNotFound
        case .bill: .billNotFound
        case .payment, .refund: .paymentNotFound
        case .prescription: .prescriptionNotFound
        case .notification: .notificationNotFound
        case .webhook: .webhookNotFound
        case .delivery: .deliveryNotFound
        case .event: .eventNotFound
        }
    }
}

extension Rejection {
    /// There is no such record.
    public static func notFound(_ kind: RecordKind, field: String? = nil) -> Rejection {
        Rejection(kind.notFound, "There is no such \(kind.rawValue).", field: field)
    }

    /// Another system's id means one record for ever, and that is another one than this.
    public static func sourceIDTaken(by id: String, _ kind: RecordKind) -> Rejection {
        Rejection(.sourceIDTaken, "The source id means \(id), which is another \(kind.rawValue).", field: "source_id")
    }
}
