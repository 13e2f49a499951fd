/// `pkg.Service/Method`, as it is written on the command line; a dot in place of the slash is understood too.
public struct MethodName: Hashable, Sendable, CustomStringConvertible {
    /// `hms.patient.v1.PatientService`
    public let service: String
    public let method: String

    /// Nil where the text is no such name.
    public init?(_ text: String) {
        let separator = text.lastIndex(of: "/") ?? text.lastIndex(of: ".")
        guard let separator else { return nil }
        service = String(text[..<separator])
        method = String(text[text.index(after: separator)...])
        guard service.contains("."), !service.hasPrefix("."), !method.isEmpty else { return nil }
    }

    public var description: String { "\(service)/\(method)" }

    /// Which service of a hospital it belongs to, as the contracts' packages are named: `hms.patient.v1…` → `patient`.
    public var hospitalService: String? {
        let parts = service.split(separator: ".")
        return parts.count >= 3 && parts[0] == "hms" ? String(parts[1]) : nil
    }
}
