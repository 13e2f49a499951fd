public import Contracts
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension AppointmentService {
    /// Lists appointments, those booked last first. A page goes on after the last row of the one before, so appointments
    /// that are booked meanwhile move nothing.
    public func listAppointments(_ request: ListAppointmentsRequest, _ context: CallContext) async throws -> ListAppointmentsResponse {
        let rows = try PageSize.rows(request.pageSize)
        let end = try request.sequenceOfPageToken()
        let filter = try AppointmentFilter(request)
        let found = try await database.scan { try $0.appointments(matching: filter, before: end, limit: rows + 1) }
        let page = found.prefix(rows)
        return ListAppointmentsResponse(
            appointments: page.map(\.appointment), nextPageToken: found.count > rows ? request.pageToken(after: page.last) : "")
    }
}

extension AppointmentFilter {
    fileprivate init(_ request: ListAppointmentsRequest) throws(Rejection) {
        self.init(
            patientID: request.patientID, doctorID: request.doctorID,
            department: try request.department.map { text throws(Rejection) in try FoldedText(filter: "department", text) },
            status: request.status == .unspecified ? nil : request.status,
            from: try request.from.map { text throws(Rejection) in try LocalDate(text, "from") },
            to: try request.to.map { text throws(Rejection) in try LocalDate(text, "to") })
    }
}

extension ListAppointmentsRequest {
    private var filters: [String] { [patientID, doctorID, department, "\(status.rawValue)", from, to].map { $0 ?? "" } }

    /// - Throws: `INVALID_ARGUMENT` for the token of another list.
    fileprivate func sequenceOfPageToken() throws -> Int64? {
        try PageToken.sortKey(in: pageToken, filters: filters).flatMap { Int64($0) }
    }

    fileprivate func pageToken(after last: StoredAppointment?) -> String {
        last.map { PageToken.make(after: String($0.sequence), filters: filters) } ?? ""
    }
}
