/// What can be imported, and which fields one of it has.
public enum ImportKind: String, CaseIterable, Sendable {
    case patients
    case doctors
    case allergies
    case appointments
    case prescriptions
    case bills
    case payments

    /// The fields that a row can fill, by the names of the public API.
    public var fields: [ImportField] {
        switch self {
        case .patients:
            [
                ImportField("name", required: true), ImportField("email"), ImportField("phone"),
                ImportField("dob", required: true, form: .birthDate), ImportField("allergies", form: .list),
            ]
        case .doctors:
            [
                ImportField("name", required: true), ImportField("email"), ImportField("phone"),
                ImportField("department", required: true), ImportField("specialization", required: true),
                ImportField("consultation_fee", form: .money),
            ]
        case .allergies:
            [ImportField("patient_id", required: true, form: .reference(to: .patients)), ImportField("allergy", required: true)]
        case .appointments:
            [
                ImportField("patient_id", required: true, form: .reference(to: .patients)),
                ImportField("doctor_id", required: true, form: .reference(to: .doctors)), ImportField("department"),
                ImportField("slot_start", required: true, form: .instant), ImportField("slot_end", form: .instant),
                ImportField("status", form: .choice(of: ["SCHEDULED", "CHECKED_IN", "COMPLETED", "CANCELLED", "NO_SHOW"])),
                ImportField("cancel_reason"),
            ]
        case .prescriptions:
            [
                ImportField("appointment_id", required: true, form: .reference(to: .appointments)),
                ImportField("medication", required: true), ImportField("dosage", required: true),
                ImportField("days", required: true, form: .wholeNumber), ImportField("issued_at", form: .instant),
                ImportField("override_reason"),
                ImportField("patient_id", form: .reference(to: .patients)), ImportField("doctor_id", form: .reference(to: .doctors)),
            ]
        case .bills:
            [
                ImportField("patient_id", required: true, form: .reference(to: .patients)),
                ImportField("appointment_id", form: .reference(to: .appointments)),
                ImportField("kind", form: .choice(of: ["CONSULTATION", "CANCELLATION_FEE", "NO_SHOW_FEE", "OTHER"])),
                ImportField("description"), ImportField("subtotal", required: true, form: .money), ImportField("tax", form: .money),
                ImportField("status", required: true, form: .choice(of: ["OPEN", "PAID", "VOID"])),
                ImportField("billed_at", required: true, form: .instant), ImportField("paid_at", form: .instant),
                ImportField("void_reason"),
            ]
        case .payments:
            [
                ImportField("bill_id", required: true, form: .reference(to: .bills)),
                ImportField("amount", required: true, form: .money),
                ImportField("method", required: true, form: .choice(of: ["CASH", "CARD", "UPI", "INSURANCE"])),
                ImportField("reference"), ImportField("paid_at", required: true, form: .instant),
            ]
        }
    }
}
