/// The id of a patient.
public struct PatientID: RecordID {
    public static let prefix = "pat"
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

/// The id of a doctor, and the `sub` of his tokens.
public struct DoctorID: RecordID {
    public static let prefix = "doc"
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

/// The id of one leave of a doctor.
public struct LeaveID: RecordID {
    public static let prefix = "lev"
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

/// The id of an appointment.
public struct AppointmentID: RecordID {
    public static let prefix = "apt"
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

/// The id of a bill.
public struct BillID: RecordID {
    public static let prefix = "bil"
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

/// The id of a payment.
public struct PaymentID: RecordID {
    public static let prefix = "pay"
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

/// The id of a refund of a payment.
public struct RefundID: RecordID {
    public static let prefix = "rfd"
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

/// The id of a prescription.
public struct PrescriptionID: RecordID {
    public static let prefix = "rx"
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

/// The id of a notification.
public struct NotificationID: RecordID {
    public static let prefix = "ntf"
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}
