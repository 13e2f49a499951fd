public import Contracts
public import RPC
import ServiceKit
import Storage

extension PaymentService {
    /// Lists payments, newest first. A page goes on after the last row of the one before, so payments that are begun
    /// meanwhile move nothing.
    public func listPayments(_ request: ListPaymentsRequest, _ context: CallContext) async throws -> ListPaymentsResponse {
        let page = try PageRequest<Int64>(
            request.pageSize, after: request.pageToken,
            filters: [request.billID, request.patientID, "\(request.status.rawValue)"])
        let filter = PaymentFilter(request)
        let payments = try await database.scan { try $0.payments(matching: filter, on: page) }
        return ListPaymentsResponse(payments: payments.rows.map(\.payment), nextPageToken: payments.nextToken)
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
