import Contracts
import RPC
import Synchronization
import UnimplementedServices

/// What the tests let the appointment and the billing service say.
final class PlayedPeers: Sendable {
    struct Script {
        var activeAppointments: Int32 = 0
        /// Of which billing has not heard.
        var awaitingBills: Int32 = 0
        var openBills: Int32 = 0
        /// Those that billing knows of when it is asked last.
        var openBillsAtLast: Int32 = 0
        /// Whom every doctor treats.
        var treated: Set<String> = []
        /// What is thrown instead of an answer, by service.
        var failures: [String: RPCError] = [:]
        var questions: [String] = []
        var tokens: Set<String?> = []
    }

    private let script = Mutex(Script())

    var questions: [String] { script.withLock { $0.questions } }
    var tokens: Set<String?> { script.withLock { $0.tokens } }
    fileprivate var awaitingBills: Int32 { script.withLock { $0.awaitingBills } }

    func play(_ change: (inout sending Script) -> Void) {
        script.withLock { change(&$0) }
    }

    fileprivate func treated(_ request: ListTreatedPatientsRequest) throws -> [String] {
        try script.withLock { script in
            script.questions.append("treated \(request.doctorID)")
            if let failure = script.failures["treated"] { throw failure }
            return request.patientIds.filter(script.treated.contains)
        }
    }

    fileprivate func answer(_ service: String, about patientID: String, _ context: CallContext, _ count: (Script) -> Int32) throws -> Int32
    {
        try script.withLock { script in
            script.questions.append("\(service) \(patientID)")
            script.tokens.insert(context.token)
            if let failure = script.failures[service.split(separator: " ").last.map(String.init) ?? service] { throw failure }
            return count(script)
        }
    }
}

struct PlayedAppointments: UnimplementedAppointmentService {
    let peers: PlayedPeers

    func countActiveAppointments(
        _ request: CountActiveAppointmentsRequest, _ context: CallContext
    ) async throws -> CountActiveAppointmentsResponse {
        guard case .patientID(let patientID) = request.of else { throw RPCError.invalidArgument("only patients are asked about here") }
        return CountActiveAppointmentsResponse(count: try peers.answer("appointment", about: patientID, context, \.activeAppointments))
    }

    func listTreatedPatients(
        _ request: ListTreatedPatientsRequest, _ context: CallContext
    ) async throws -> ListTreatedPatientsResponse {
        ListTreatedPatientsResponse(patientIds: try peers.treated(request))
    }

    func holdBookings(_ request: HoldBookingsRequest, _ context: CallContext) async throws -> HoldBookingsResponse {
        guard case .patientID(let patientID) = request.of else { throw RPCError.invalidArgument("only patients are asked about here") }
        let active = try peers.answer("held appointment", about: patientID, context, \.activeAppointments)
        return HoldBookingsResponse(active: active, awaitingBills: peers.awaitingBills)
    }

    func cancelDoctorAppointments(
        _ request: CancelDoctorAppointmentsRequest, _ context: CallContext
    ) async throws -> CancelDoctorAppointmentsResponse {
        throw RPCError.unimplemented(context.method.name)
    }
}

struct PlayedBilling: UnimplementedBillingService {
    let peers: PlayedPeers

    func countOpenBills(_ request: CountOpenBillsRequest, _ context: CallContext, _: NothingStored) throws -> CountOpenBillsResponse {
        CountOpenBillsResponse(count: try peers.answer("billing", about: request.patientID, context, \.openBills))
    }

    func holdBills(_ request: HoldBillsRequest, _ context: CallContext) async throws -> HoldBillsResponse {
        HoldBillsResponse(open: try peers.answer("held billing", about: request.patientID, context, \.openBillsAtLast))
    }
}
