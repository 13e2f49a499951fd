import Contracts
import NIOCore
import RPC

/// The method that the peers beside which is measured serve and call by gRPC: `peers.Patients/Get`, a request of about 60 bytes and an
/// answer of about 200, read and written in every call.
struct PeerPatientService: RPCService {
    static let get = MethodDescriptor(name: "peers.Patients/Get", idempotency: .readOnly, roles: .anyone)

    /// What `get` is asked by who has no stub: the patient's id and a correlation id.
    static var request: ByteBuffer {
        var message = ByteBuffer()
        for (field, text) in [(UInt8(1), patient[0].text), (2, "01jd8m3k7q2w5x9zr4t6y8b1ca")] { write(field, text, into: &message) }
        return message
    }

    private static let active: UInt8 = 1
    private static let patient: [(field: UInt8, text: String)] = [
        (1, "pat_01jd4h6p0q8x5v2n7r9m3k1b6z"), (2, "Maria Magdalena Okonkwo-Lindqvist"), (3, "maria.magdalena.okonkwo@example.org"),
        (4, "+49 30 90182 0417"), (5, "1984-02-29"), (6, "2026-11-18T10:40:00.000000Z"), (8, "penicillin and its relatives"),
        (8, "latex"),
    ]

    var methods: [MethodDescriptor] { [Self.get] }

    func call(_ call: ServerCall) async throws -> ServerReply { try Self.answer(call) }

    func answerAtOnce(_ call: ServerCall) throws -> ServerReply? { try Self.answer(call) }

    /// The id stands in the same field as in the hospital's own contract.
    private static func answer(_ call: ServerCall) throws -> ServerReply {
        let request = try GetPatientRequest(payload: call.payload)
        guard request.patientID == patient[0].text else { throw RPCError.notFound("PATIENT_NOT_FOUND") }
        var message = ByteBuffer()
        message.reserveCapacity(256)
        for (field, text) in patient { write(field, text, into: &message) }
        message.writeMultipleIntegers(UInt8(7 << 3), active)
        return ServerReply(payload: message)
    }

    private static func write(_ field: UInt8, _ text: String, into message: inout ByteBuffer) {
        message.writeMultipleIntegers(field << 3 | 2, UInt8(text.utf8.count))
        message.writeString(text)
    }
}
