import HospitalClient
import PlainText

extension ClinicFacts {
    /// What the hospital says of its clinic.
    public init(askedOf sender: PersistentSender) async throws {
        switch try await sender.send(APIRequest(.get, "/v1/clinic")) {
        case .unreachable(let reason): throw ClinicUnknown(reason: reason)
        case .answered(let reply, _):
            guard reply.isSuccess, let timeZone = reply.body?["time_zone"]?.text, let currency = reply.body?["currency"]?.text else {
                throw ClinicUnknown(reason: reply.code == nil ? "the answer is not one of a hospital (HTTP \(reply.status))" : reply.reason)
            }
            self.init(timeZone: timeZone, currency: currency)
        }
    }
}

/// The hospital does not say which zone and which currency it has.
public struct ClinicUnknown: Error, CustomStringConvertible {
    let reason: String
    public var description: String { "the hospital does not tell its zone and its currency: \(reason)" }
}
