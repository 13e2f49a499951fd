import NIOCore
import PlainText
import ProtobufC
import ProtobufJSON
import RPC
import ServiceKit

/// Whose record a request names, as the doctor who may be calling sees it.
enum WhoseRecord: CaseIterable, Hashable, Sendable {
    case own, anothers, absent
}

/// What one method answers to those whom its contract lets in, depending on whose record they name.
///
/// A request is one that can be made again and again: it reads, changes nothing, or is refused by a rule that lies behind the
/// question of access. So a row needs no hospital of its own, and `APPOINTMENT_NOT_STARTED` proves that the caller came through.
struct AccessRow: Sendable {
    /// `OK`, or the reason of the refusal.
    private let answers: [WhoseRecord: String]
    /// The same for a doctor, where his own is another matter.
    private let doctors: [WhoseRecord: String]
    let request: @Sendable (AccessRecords) throws -> AccessRequest

    private init(
        _ answers: [WhoseRecord: String], doctors: [WhoseRecord: String],
        _ request: @escaping @Sendable (AccessRecords) throws -> AccessRequest
    ) {
        self.answers = answers
        self.doctors = doctors
        self.request = request
    }

    /// Names no record.
    static func ofNobody(_ answer: String = "OK", _ request: @escaping @Sendable (AccessRecords) throws -> AccessRequest) -> AccessRow {
        AccessRow([.own: answer], doctors: [:], request)
    }

    /// Whoever may call may name any record.
    static func ofAnybody(
        _ answer: String = "OK", absent: String, _ request: @escaping @Sendable (AccessRecords) throws -> AccessRequest
    ) -> AccessRow {
        AccessRow([.own: answer, .anothers: answer, .absent: absent], doctors: [:], request)
    }

    /// A doctor gets on with his own only. That a record is absent he learns where nobody can be asked whose it is.
    static func ofItsDoctor(
        _ answer: String = "OK", absent: String, forDoctors doctorsAbsent: String? = nil,
        _ request: @escaping @Sendable (AccessRecords) throws -> AccessRequest
    ) -> AccessRow {
        AccessRow(
            [.own: answer, .anothers: answer, .absent: absent],
            doctors: [.own: answer, .anothers: "PERMISSION_DENIED", .absent: doctorsAbsent ?? absent], request)
    }

    /// A doctor gets on with those whom he treats; of others he has to say why.
    static func ofWhoTreats(
        absent: String, _ request: @escaping @Sendable (AccessRecords) throws -> AccessRequest
    ) -> AccessRow {
        AccessRow(
            [.own: "OK", .anothers: "OK", .absent: absent],
            doctors: [.own: "OK", .anothers: "ACCESS_REASON_REQUIRED", .absent: absent], request)
    }

    /// Whose records it tells apart.
    var records: [WhoseRecord] { WhoseRecord.allCases.filter { answers[$0] != nil } }

    var isForItsDoctorOnly: Bool { !doctors.isEmpty }

    var asksDoctorsWhy: Bool { doctors.values.contains("ACCESS_REASON_REQUIRED") }

    /// What a caller must be answered, by the contract's roles and by this row.
    func answer(of method: MethodDescriptor, to caller: AccessCaller, naming record: WhoseRecord) -> String? {
        if method.roles.contains(.anyone) { return answers[record] }
        guard let role = caller.role else { return "UNAUTHENTICATED" }
        let isForPeople = !method.roles.isDisjoint(with: [.reception, .doctor, .billing, .admin])
        guard method.roles.contains(role.set) || role == .admin && isForPeople else { return "PERMISSION_DENIED" }
        return role == .doctor && isForItsDoctorOnly ? doctors[record] : answers[record]
    }
}

/// One request in both of its forms.
struct AccessRequest: Sendable {
    let payload: ByteBuffer
    /// By the names of the contract, without what is at its default.
    let json: JSONValue
    /// As a log has it, and as it would have it without a mask.
    let masked: String
    let unmasked: String
    /// The same with a canary's text wherever the contract says that it tells of a person.
    let ofCanary: @Sendable () throws -> AccessRequest

    init(_ message: some Message & JSONMessage) throws {
        masked = "\(message)"
        unmasked = String(decoding: try message.json(), as: UTF8.self)
        ofCanary = { try AccessRequest(message.ofCanary) }
        payload = message.payload()
        var options = JSONOptions.api
        options.writesDefaults = false
        json = try JSONValue(parsing: message.json(options: options))
    }
}
