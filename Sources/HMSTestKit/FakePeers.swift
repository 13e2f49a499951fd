public import Contracts
public import RPC
import Synchronization
public import UnimplementedServices

/// The appointment service as a test wants it.
public final class FakeAppointments: UnimplementedAppointmentService {
    private struct State {
        var active: Int32 = 0
        var failure: RPCError?
        var counted: [CountActiveAppointmentsRequest] = []
        var held: [HoldBookingsRequest] = []
        var cancelled: [CancelDoctorAppointmentsRequest] = []
    }

    private let state = Mutex(State())

    public init() {}

    /// How many active appointments everybody has; cancelling a doctor's leaves none.
    public var active: Int32 {
        get { state.withLock { $0.active } }
        set { state.withLock { $0.active = newValue } }
    }

    /// What every call fails with.
    public var failure: RPCError? {
        get { state.withLock { $0.failure } }
        set { state.withLock { $0.failure = newValue } }
    }

    public var counted: [CountActiveAppointmentsRequest] { state.withLock { $0.counted } }
    public var held: [HoldBookingsRequest] { state.withLock { $0.held } }
    public var cancelled: [CancelDoctorAppointmentsRequest] { state.withLock { $0.cancelled } }

    public func countActiveAppointments(
        _ request: CountActiveAppointmentsRequest, _ context: CallContext
    ) async throws -> CountActiveAppointmentsResponse {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            state.counted.append(request)
            return CountActiveAppointmentsResponse(count: state.active)
        }
    }

    public func holdBookings(_ request: HoldBookingsRequest, _ context: CallContext) async throws -> HoldBookingsResponse {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            state.held.append(request)
            return HoldBookingsResponse(active: state.active, appointmentIds: (0..<min(20, state.active)).map { "apt_\($0)" })
        }
    }

    public func cancelDoctorAppointments(
        _ request: CancelDoctorAppointmentsRequest, _ context: CallContext
    ) async throws -> CancelDoctorAppointmentsResponse {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            state.cancelled.append(request)
            defer { state.active = 0 }
            return CancelDoctorAppointmentsResponse(cancelled: state.active)
        }
    }
}

/// The billing service as a test wants it.
public final class FakeBilling: UnimplementedBillingService {
    private let state = Mutex((open: Int32(0), failure: RPCError?.none))

    public init() {}

    /// How many open bills everybody has.
    public var openBills: Int32 {
        get { state.withLock { $0.open } }
        set { state.withLock { $0.open = newValue } }
    }

    /// What every call fails with.
    public var failure: RPCError? {
        get { state.withLock { $0.failure } }
        set { state.withLock { $0.failure = newValue } }
    }

    public func countOpenBills(_ request: CountOpenBillsRequest, _ context: CallContext, _: NothingStored) throws -> CountOpenBillsResponse
    {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            return CountOpenBillsResponse(count: state.open)
        }
    }

    public func holdBills(_ request: HoldBillsRequest, _ context: CallContext) async throws -> HoldBillsResponse {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            return HoldBillsResponse(open: state.open)
        }
    }
}
