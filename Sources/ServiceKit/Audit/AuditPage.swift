public import Contracts
import Vocabulary

/// Which audit records somebody asks for: the same question to one service and to all.
extension ListAuditedCallsRequest {
    /// What chooses the records, for the tokens of pages.
    public var filters: [String?] {
        ["audit", actor, patientID, from?.instant?.rfc3339, to?.instant?.rfc3339, breakGlass ? "break_glass" : nil]
    }
}
