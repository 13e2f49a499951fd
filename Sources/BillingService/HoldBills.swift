public import Contracts
public import RPC
import ServiceKit
import Storage

extension BillingService {
    /// Counts the OPEN bills of a patient and, where there are none, lets nobody make one by hand for
    /// ``BookingHold/length``.
    ///
    /// Count and hold are one transaction, and so is every new bill: either the count has the bill, or the bill meets the
    /// hold. Bills that come of events are not held; the appointment service says whether any are on their way.
    public func holdBills(_ request: HoldBillsRequest, _ context: CallContext) async throws -> HoldBillsResponse {
        try await commit(context, on: database) { transaction in
            let open = try transaction.countOpenBills(of: request.patientID)
            if open == 0 { try transaction.holdBills(of: request.patientID) }
            return HoldBillsResponse(open: Int32(clamping: open))
        }
    }
}
