import Contracts
import PaymentRules

extension RefundState {
    /// The schema's checks keep other statuses out, so PENDING, which asks again, stands for none that exists.
    init(_ status: RefundStatus) {
        switch status {
        case .refunded: self = .refunded
        case .failed: self = .failed
        case .pending, .unspecified, .unrecognized: self = .pending
        }
    }
}
