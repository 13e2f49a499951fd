import Contracts
import Vocabulary

/// Which patients a list holds: those that meet every condition.
struct PatientFilter: Sendable {
    /// Words of the name; nil for any name.
    let name: NameQuery?
    /// The whole address; nil for any.
    let email: String?
    /// The number or its end; nil for any.
    let phone: PhoneCondition?
    let dob: LocalDate?
    /// Nil for every status.
    let status: PatientStatus?
    /// What another system calls the patient; nil for any.
    let sourceID: SourceID?

    init(_ request: ListPatientsRequest, _ region: PhoneRegion) throws(Rejection) {
        name = try request.query.map { text throws(Rejection) in try NameQuery(filter: "query", text) }
        email = request.email.map(EmailAddress.comparable)
        phone = request.phone.map { PhoneEnding($0, in: region).map(PhoneCondition.ending) ?? .nobody }
        dob = try request.dob.map { text throws(Rejection) in try LocalDate(text, field: "dob") }
        status = request.status == .unspecified ? nil : request.status
        sourceID = try SourceID(source: request.source, sourceID: request.sourceID)
    }
}

enum PhoneCondition: Sendable {
    case ending(PhoneEnding)
    /// Asked for by too few digits: nobody has such a number.
    case nobody
}

/// How e-mail addresses are compared: in any case.
enum EmailAddress {
    static func comparable(_ address: String) -> String {
        address.lowercased()
    }
}
