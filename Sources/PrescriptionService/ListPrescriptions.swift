public import Contracts
public import RPC
import ServiceKit
import Storage

extension PrescriptionService {
    /// Lists prescriptions, newest first. A doctor sees his own.
    public func listPrescriptions(_ request: ListPrescriptionsRequest, _ context: CallContext) async throws -> ListPrescriptionsResponse {
        let page = try PageRequest<Int64>(
            request.pageSize, after: request.pageToken,
            filters: [request.patientID, request.doctorID, request.appointmentID])
        let filter = PrescriptionFilter(request)
        let prescriptions = try await database.scan { try $0.prescriptions(matching: filter, on: page) }
        return ListPrescriptionsResponse(prescriptions: prescriptions.rows.map(\.prescription), nextPageToken: prescriptions.nextToken)
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
