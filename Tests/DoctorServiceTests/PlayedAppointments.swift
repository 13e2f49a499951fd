import Contracts
import RPC
import Synchronization
import UnimplementedServices

/// An appointment service that says what a test lets it say, and keeps what it was asked.
final class PlayedAppointments: UnimplementedAppointmentService {
    struct Script {
        var active: Int32 = 0
        var failure: RPCError?
        var held: [HoldBookingsRequest] = []
        var cancelled: [CancelDoctorAppointmentsRequest] = []
    }

    private let script = Mutex(Script())

    var held: [HoldBookingsRequest] { script.withLock { $0.held } }
    var cancelled: [CancelDoctorAppointmentsRequest] { script.withLock { $0.cancelled } }

    func play(active: Int32 = 0, failure: RPCError? = nil) {
        script.withLock { script in
            script.active = active
            script.failure = failure
        }
    }

    func holdBookings(_ request: HoldBookingsRequest, _ context: CallContext) async throws -> HoldBookingsResponse {
        try script.withLock { script in
            if let failure = script.failure { throw failure }
            script.held.append(request)
            return HoldBookingsResponse(active: script.active, appointmentIds: (0..<min(20, script.active)).map { "apt_\($0)" })
        }
    }

    func cancelDoctorAppointments(
        _ request: CancelDoctorAppointmentsRequest, _ context: CallContext
    ) async throws -> CancelDoctorAppointmentsResponse {
        try script.withLock { script in
            if let failure = script.failure { throw failure }
            script.cancelled.append(request)
            defer { script.active = 0 }
            return CancelDoctorAppointmentsResponse(cancelled: script.active)
        }
    }
}
