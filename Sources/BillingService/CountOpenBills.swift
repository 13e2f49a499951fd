public import Contracts
public import RPC
import Storage

extension BillingService {
    /// Counts the OPEN bills of a patient.
    public func countOpenBills(_ request: CountOpenBillsRequest, _ context: CallContext) async throws -> CountOpenBillsResponse {
        let count = try await database.read { try $0.countOpenBills(of: request.patientID) }
        return CountOpenBillsResponse(count: Int32(clamping: count))
    }
}
