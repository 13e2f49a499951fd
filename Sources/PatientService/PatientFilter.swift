import Contracts
import Vocabulary

/// Which patients a list holds: those that meet every condition.
struct PatientFilter: Sendable {
    /// A part of the name; nil for any name.
    let namePart: FoldedText?
    /// The whole address; nil for any.
    let email: String?
    /// Every digit of the number; nil for any. A text without a digit asks for a number that nobody has.
    let phoneDigits: String?
    /// Nil for every status.
    let status: PatientStatus?
    /// What another system calls the patient; nil for any.
    let sourceID: SourceID?

    init(namePart: FoldedText?, email: String?, phone: String?, status: PatientStatus?, sourceID: SourceID?) {
        self.namePart = namePart
        self.email = email.map(EmailAddress.comparable)
        phoneDigits = phone.map(PhoneNumber.digits)
        self.status = status
        self.sourceID = sourceID
    }
}

/// How e-mail addresses are compared: in any case.
enum EmailAddress {
    static func comparable(_ address: String) -> String {
        address.lowercased()
    }
}

/// How phone numbers are compared.
enum PhoneNumber {
    /// The ASCII digits of a number, in order.
    static func digits(of phone: String) -> String {
        String(decoding: phone.utf8.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }, as: UTF8.self)
    }
}
