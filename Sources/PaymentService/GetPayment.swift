public import Contracts
public import RPC
import Storage

extension PaymentService {
    /// Reads one payment.
    public func getPayment(_ request: GetPaymentRequest, _ context: CallContext) async throws -> GetPaymentResponse {
        GetPaymentResponse(payment: try await database.read { try $0.payment(request.paymentID).payment })
    }
}
