public import Contracts
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension BillingService {
    /// Lists bills, newest first. A page goes on after the last row of the one before, so bills that are made meanwhile
    /// move nothing.
    public func listBills(_ request: ListBillsRequest, _ context: CallContext) async throws -> ListBillsResponse {
        let page = try PageRequest<Int64>(
            request.pageSize, after: request.pageToken,
            filters: [request.patientID, request.appointmentID, "\(request.status.rawValue)", request.source, request.sourceID])
        let filter = try BillFilter(request)
        let bills = try await database.scan { try $0.bills(matching: filter, on: page) }
        return ListBillsResponse(bills: bills.rows.map(\.bill), nextPageToken: bills.nextToken)
    }
}

/// Which bills a list holds: those that meet every condition. Nil sets none.
struct BillFilter: Sendable {
    let patientID: String?
    let appointmentID: String?
    let status: BillStatus?
    let source: SourceID?

    /// - Throws: `INVALID_ARGUMENT` where a source comes without an id, or an id without its source.
    fileprivate init(_ request: ListBillsRequest) throws(Rejection) {
        patientID = request.patientID
        appointmentID = request.appointmentID
        status = request.status == .unspecified ? nil : request.status
        source = try SourceID(source: request.source, sourceID: request.sourceID)
    }
}
