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
        let rows = try PageSize.rows(request.pageSize)
        let filter = try AppointmentFilter(request)
        let order = try request.listing()
        let found = try await database.scan { try $0.appointments(matching: filter, in: order, limit: rows + 1) }
        let page = found.prefix(rows)
        return ListAppointmentsResponse(
            appointments: page.map(\.appointment), nextPageToken: found.count > rows ? request.pageToken(after: page.last) : "")
    }
}

/// The order of a list, and where its page begins; nil at the beginning.
enum AppointmentListing: Sendable {
    /// Newest first, before this sequence.
    case newest(before: Int64?)
    /// By slot, after the appointment that starts then and has this sequence.
    case bySlot(after: (start: Int64, sequence: Int64)?)
}

extension AppointmentFilter {
    fileprivate init(_ request: ListAppointmentsRequest) throws(Rejection) {
        self.init(
            sourceID: try SourceID(source: request.source, sourceID: request.sourceID), patientID: request.patientID,
            doctorID: request.doctorID,
            department: try request.department.map { text throws(Rejection) in try FoldedText(filter: "department", text) },
            state: try request.state(),
            from: try request.from.map { text throws(Rejection) in try LocalDate(text, "from") },
            to: try request.to.map { text throws(Rejection) in try LocalDate(text, "to") })
    }
}

extension ListAppointmentsRequest {
    /// Nil where every status is asked for.
    fileprivate func state() throws(Rejection) -> AppointmentState? {
        if status == .unspecified { return nil }
        guard let state = status.state else { throw Rejection(invalid: [.init(field: "status", sentence: "is not a status")]) }
        return state
    }

    private var filters: [String] {
        [patientID, doctorID, department, "\(status.rawValue)", from, to, isBySlot ? "by slot" : nil, source, sourceID].map { $0 ?? "" }
    }

    private var isBySlot: Bool { order == .slot }

    /// - Throws: `INVALID_ARGUMENT` for the token of another list.
    fileprivate func listing() throws -> AppointmentListing {
        let numbers = try PageToken.sortKey(in: pageToken, filters: filters)?.split(separator: " ").compactMap { Int64($0) } ?? []
        guard isBySlot else { return .newest(before: numbers.first) }
        return .bySlot(after: numbers.count == 2 ? (numbers[0], numbers[1]) : nil)
    }

    fileprivate func pageToken(after last: StoredAppointment?) -> String {
        guard let last else { return "" }
        let start = last.appointment.slotStart?.instant?.millisecondsSinceEpoch ?? 0
        return PageToken.make(after: isBySlot ? "\(start) \(last.sequence)" : String(last.sequence), filters: filters)
    }
}
