public import Contracts
public import RPC
public import Storage

extension BillingService {
    /// Counts the OPEN bills of a patient.
    public func countOpenBills(
        _ request: CountOpenBillsRequest, _ context: CallContext, _ reader: Reader
    ) throws -> CountOpenBillsResponse {
        CountOpenBillsResponse(count: Int32(clamping: try reader.countOpenBills(of: request.patientID)))
    }
}
