public import Contracts
public import RPC
import ServiceKit
import Storage

extension PaymentService {
    /// Lists the refunds of a payment, newest first.
    public func listRefunds(_ request: ListRefundsRequest, _ context: CallContext) async throws -> ListRefundsResponse {
        let page = try PageRequest<Int64>(
            request.pageSize, after: request.pageToken,
            filters: [request.paymentID])
        let refunds = try await database.scan { reader in
            let payment = try reader.payment(request.paymentID).payment
            return try reader.refunds(of: payment.paymentID, on: page)
        }
        return ListRefundsResponse(refunds: refunds.rows.map(\.refund), nextPageToken: refunds.nextToken)
    }
}
