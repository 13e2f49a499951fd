public import Contracts
public import RPC
import ServiceKit
import Storage

extension PaymentService {
    /// Lists the refunds of a payment, newest first.
    public func listRefunds(_ request: ListRefundsRequest, _ context: CallContext) async throws -> ListRefundsResponse {
        let rows = try PageSize.rows(request.pageSize)
        let end = try request.sequenceOfPageToken()
        let found = try await database.scan { reader in
            let payment = try reader.payment(request.paymentID).payment
            return try reader.refunds(of: payment.paymentID, before: end, limit: rows + 1)
        }
        let page = found.prefix(rows)
        return ListRefundsResponse(
            refunds: page.map(\.refund), nextPageToken: found.count > rows ? request.pageToken(after: page.last) : "")
    }
}

extension ListRefundsRequest {
    /// - Throws: `INVALID_ARGUMENT` for the token of another list.
    fileprivate func sequenceOfPageToken() throws -> Int64? {
        try PageToken.sortKey(in: pageToken, filters: [paymentID]).flatMap { Int64($0) }
    }

    fileprivate func pageToken(after last: StoredRefund?) -> String {
        last.map { PageToken.make(after: String($0.sequence), filters: [paymentID]) } ?? ""
    }
}
