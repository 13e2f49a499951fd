public import Contracts
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension BillingService {
    /// Lists bills, newest first. A page goes on after the last row of the one before, so bills that are made meanwhile
    /// move nothing.
    public func listBills(_ request: ListBillsRequest, _ context: CallContext) async throws -> ListBillsResponse {
        let rows = try PageSize.rows(request.pageSize)
        let end = try request.sequenceOfPageToken()
        let filter = try BillFilter(request)
        let found = try await database.scan { try $0.bills(matching: filter, before: end, limit: rows + 1) }
        let page = found.prefix(rows)
        return ListBillsResponse(bills: page.map(\.bill), nextPageToken: found.count > rows ? request.pageToken(after: page.last) : "")
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

extension ListBillsRequest {
    private var filters: [String] { [patientID, appointmentID, "\(status.rawValue)", source, sourceID].map { $0 ?? "" } }

    /// - Throws: `INVALID_ARGUMENT` for the token of another list.
    fileprivate func sequenceOfPageToken() throws -> Int64? {
        try PageToken.sortKey(in: pageToken, filters: filters).flatMap { Int64($0) }
    }

    fileprivate func pageToken(after last: StoredBill?) -> String {
        last.map { PageToken.make(after: String($0.sequence), filters: filters) } ?? ""
    }
}
