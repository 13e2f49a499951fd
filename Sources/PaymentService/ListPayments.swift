public import Contracts
public import RPC
import ServiceKit
import Storage

extension PaymentService {
    /// Lists payments, newest first. A page goes on after the last row of the one before, so payments that are begun
    /// meanwhile move nothing.
    public func listPayments(_ request: ListPaymentsRequest, _ context: CallContext) async throws -> ListPaymentsResponse {
        let rows = try PageSize.rows(request.pageSize)
        let end = try request.sequenceOfPageToken()
        let filter = PaymentFilter(request)
        let found = try await database.scan { try $0.payments(matching: filter, before: end, limit: rows + 1) }
        let page = found.prefix(rows)
        return ListPaymentsResponse(
            payments: page.map(\.payment), nextPageToken: found.count > rows ? request.pageToken(after: page.last) : "")
    }
}

/// Which payments a list holds: those that meet every condition. Nil sets none.
struct PaymentFilter: Sendable {
    let billID: String?
    let patientID: String?
    let status: PaymentStatus?

    fileprivate init(_ request: ListPaymentsRequest) {
        billID = request.billID
        patientID = request.patientID
        status = request.status == .unspecified ? nil : request.status
    }
}

extension ListPaymentsRequest {
    private var filters: [String] { [billID, patientID, "\(status.rawValue)"].map { $0 ?? "" } }

    /// - Throws: `INVALID_ARGUMENT` for the token of another list.
    fileprivate func sequenceOfPageToken() throws -> Int64? {
        try PageToken.sortKey(in: pageToken, filters: filters).flatMap { Int64($0) }
    }

    fileprivate func pageToken(after last: StoredPayment?) -> String {
        last.map { PageToken.make(after: String($0.sequence), filters: filters) } ?? ""
    }
}
