public import Contracts
public import RPC
import ServiceKit
import Storage

extension PrescriptionService {
    /// Lists prescriptions, newest first. A doctor sees his own.
    public func listPrescriptions(_ request: ListPrescriptionsRequest, _ context: CallContext) async throws -> ListPrescriptionsResponse {
        let rows = try PageSize.rows(request.pageSize)
        let end = try request.sequenceOfPageToken()
        let filter = PrescriptionFilter(request)
        let found = try await database.scan { try $0.prescriptions(matching: filter, before: end, limit: rows + 1) }
        let page = found.prefix(rows)
        return ListPrescriptionsResponse(
            prescriptions: page.map(\.prescription), nextPageToken: found.count > rows ? request.pageToken(after: page.last) : "")
    }
}

/// Which prescriptions a list holds: those that meet every condition. Nil sets none.
struct PrescriptionFilter: Sendable {
    let patientID: String?
    let doctorID: String?
    let appointmentID: String?

    fileprivate init(_ request: ListPrescriptionsRequest) {
        patientID = request.patientID
        doctorID = request.doctorID
        appointmentID = request.appointmentID
    }
}

extension ListPrescriptionsRequest {
    private var filters: [String] { [patientID, doctorID, appointmentID].map { $0 ?? "" } }

    /// - Throws: `INVALID_ARGUMENT` for the token of another list.
    fileprivate func sequenceOfPageToken() throws -> Int64? {
        try PageToken.sortKey(in: pageToken, filters: filters).flatMap { Int64($0) }
    }

    fileprivate func pageToken(after last: StoredPrescription?) -> String {
        last.map { PageToken.make(after: String($0.sequence), filters: filters) } ?? ""
    }
}
