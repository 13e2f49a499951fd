import ServiceKit

/// What can be imported, and which fields one of it has.
public enum ImportKind: String, CaseIterable, Sendable {
    case patients
    case doctors
    case appointments
    case prescriptions

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
        }
    }

    /// Where one is created in the public API.
    public var path: String { isHistory ? "/v1/imports/\(rawValue)" : "/v1/\(rawValue)" }

    /// What has happened elsewhere and is taken over, instead of being done here.
    public var isHistory: Bool { self == .appointments || self == .prescriptions }

    /// The field that holds the id of one of it.
    public var idField: String {
        switch self {
        case .patients: "patient_id"
        case .doctors: "doctor_id"
        case .appointments: "appointment_id"
        case .prescriptions: "prescription_id"
        }
    }

    /// What our ids of it begin with.
    public var idPrefix: String {
        switch self {
        case .patients: "pat_"
        case .doctors: "doc_"
        case .appointments: "apt_"
        case .prescriptions: "rx_"
        }
    }

    /// The least role that may create one.
    public var role: CallerRole {
        switch self {
        case .patients: .reception
        case .doctors, .appointments, .prescriptions: .admin
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
