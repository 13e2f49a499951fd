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
                ImportField("dob", required: true), ImportField("allergies", form: .list),
            ]
        case .doctors:
            [
                ImportField("name", required: true), ImportField("email"), ImportField("phone"),
                ImportField("department", required: true), ImportField("specialization", required: true),
                ImportField("consultation_fee", form: .integer),
            ]
        case .allergies:
            [ImportField("patient_id", required: true, form: .reference(to: .patients)), ImportField("allergy", required: true)]
        case .appointments:
            [
                ImportField("patient_id", required: true, form: .reference(to: .patients)),
                ImportField("doctor_id", required: true, form: .reference(to: .doctors)), ImportField("department"),
                ImportField("slot_start", required: true), ImportField("slot_end"), ImportField("status"), ImportField("cancel_reason"),
            ]
        case .prescriptions:
            [
                ImportField("appointment_id", required: true, form: .reference(to: .appointments)),
                ImportField("medication", required: true), ImportField("dosage", required: true),
                ImportField("days", required: true, form: .integer), ImportField("issued_at"), ImportField("override_reason"),
                ImportField("patient_id", form: .reference(to: .patients)), ImportField("doctor_id", form: .reference(to: .doctors)),
            ]
        case .bills:
            [
                ImportField("patient_id", required: true, form: .reference(to: .patients)),
                ImportField("appointment_id", form: .reference(to: .appointments)), ImportField("kind"), ImportField("description"),
                ImportField("subtotal", required: true, form: .integer), ImportField("tax", form: .integer),
                ImportField("status", required: true), ImportField("billed_at", required: true), ImportField("paid_at"),
                ImportField("void_reason"),
            ]
        case .payments:
            [
                ImportField("bill_id", required: true, form: .reference(to: .bills)),
                ImportField("amount", required: true, form: .integer), ImportField("method", required: true), ImportField("reference"),
                ImportField("paid_at", required: true),
            ]
        }
    }
}

/// One field of a row to import.
public struct ImportField: Hashable, Sendable {
    public enum Form: Hashable, Sendable {
        case text
        /// Several values in one column, separated by semicolons.
        case list
        /// A whole number, in minor units where it is money.
        case integer
        /// The id of a record: ours, or that of the source from which it was imported.
        case reference(to: ImportKind)
    }

    public let name: String
    public let isRequired: Bool
    public let form: Form

    init(_ name: String, required: Bool = false, form: Form = .text) {
        self.name = name
        isRequired = required
        self.form = form
    }

    /// The field's value in a request, nil where the text holds nothing.
    func value(of text: String) -> JSONValue? {
        switch form {
        case .text, .reference:
            return text.isEmpty ? nil : .string(text)
        case .list:
            let parts = text.split(separator: ";").map { $0.trimmingSpaces }.filter { !$0.isEmpty }
            return parts.isEmpty ? nil : .array(parts.map { .string($0) })
        case .integer:
            // What is no number goes as it is: the answer names the field and what it should have been.
            return text.isEmpty ? nil : Int64(text).map { .integer($0) } ?? .string(text)
        }
    }
}

extension StringProtocol {
    /// Without the spaces and tabs at both ends.
    var trimmingSpaces: String {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(self[first...last])
    }
}
