import AppointmentRules
public import Contracts
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension AppointmentService {
    /// Lists appointments, those booked last first, or by the start of their slots. A page goes on after the last row of the
    /// one before, so appointments that are booked meanwhile move nothing.
    public func listAppointments(_ request: ListAppointmentsRequest, _ context: CallContext) async throws -> ListAppointmentsResponse {
        let list = try AppointmentList(request)
        let filter = try AppointmentFilter(request)
        let appointments = try await database.scan { try $0.appointments(matching: filter, in: list) }
        return ListAppointmentsResponse(appointments: appointments.rows.map(\.appointment), nextPageToken: appointments.nextToken)
    }
}

/// The order of a list, and its page.
enum AppointmentList: Sendable {
    case newest(PageRequest<Int64>)
    case bySlot(PageRequest<SlotOrder>)

    /// - Throws: `INVALID_ARGUMENT` on `page_size` or `page_token`.
    fileprivate init(_ request: ListAppointmentsRequest) throws {
        let filters = [
            request.patientID, request.doctorID, request.department, "\(request.status.rawValue)", request.from, request.to,
            request.order == .slot ? "by slot" : nil, request.source, request.sourceID,
        ]
        self =
            request.order == .slot
            ? .bySlot(try PageRequest(request.pageSize, after: request.pageToken, filters: filters))
            : .newest(try PageRequest(request.pageSize, after: request.pageToken, filters: filters))
    }
}

/// Where an appointment stands in a list by slot: those of one start as they were booked.
struct SlotOrder: PagePosition {
    /// When the slot starts, in milliseconds since 1970.
    let start: Int64
    let sequence: Int64

    init(start: Int64, sequence: Int64) {
        self.start = start
        self.sequence = sequence
    }

    init(_ stored: StoredAppointment) {
        self.init(start: stored.appointment.slotStart?.instant?.millisecondsSinceEpoch ?? 0, sequence: stored.sequence)
    }

    init?(sortKey: String) {
        let numbers = sortKey.split(separator: " ", omittingEmptySubsequences: false).map { Int64($0) }
        guard numbers.count == 2, let start = numbers[0], let sequence = numbers[1] else { return nil }
        self.init(start: start, sequence: sequence)
    }

    var sortKey: String { "\(start) \(sequence)" }
}

extension AppointmentFilter {
    fileprivate init(_ request: ListAppointmentsRequest) throws(Rejection) {
        self.init(
            sourceID: try SourceID(source: request.source, sourceID: request.sourceID), patientID: request.patientID,
            doctorID: request.doctorID,
            department: try request.department.map { text throws(Rejection) in try FoldedText(filter: "department", text) },
            state: try request.state(),
            from: try request.from.map { text throws(Rejection) in try LocalDate(text, field: "from") },
            to: try request.to.map { text throws(Rejection) in try LocalDate(text, field: "to") })
    }
}

extension ListAppointmentsRequest {
    /// Nil where every status is asked for.
    fileprivate func state() throws(Rejection) -> AppointmentState? {
        if status == .unspecified { return nil }
        guard let state = status.state else { throw Rejection(invalid: [.init(field: "status", sentence: "is not a status")]) }
        return state
    }
}
