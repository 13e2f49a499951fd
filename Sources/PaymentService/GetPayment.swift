public import Contracts
public import RPC
public import Storage

extension PaymentService {
    /// Reads one payment.
    public func getPayment(_ request: GetPaymentRequest, _ context: CallContext, _ reader: Reader) throws -> GetPaymentResponse {
        GetPaymentResponse(payment: try reader.payment(request.paymentID).payment)
    }
}
