public import Contracts
import Storage
import Vocabulary

/// Which audit records somebody asks for: the same question to one service and to all.
extension ListAuditedCallsRequest {
    /// What chooses the records, for the tokens of pages.
    public var filters: [String?] {
        ["audit", actor, patientID, from?.instant?.rfc3339, to?.instant?.rfc3339, breakGlass ? "break_glass" : nil]
    }
}

/// Behind which entry of a service's audit a page begins: `4711`, or `4711.3` among reads that were kept together.
public struct AuditPosition: PagePosition, Comparable {
    public let sequence: Int64
    public let part: Int

    public init(_ call: AuditedCall) {
        (sequence, part) = (call.sequence, Int(call.part))
    }

    init(_ number: AuditNumber) {
        (sequence, part) = (number.sequence, number.part)
    }

    public init?(sortKey: String) {
        let numbers = sortKey.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let sequence = Int64(numbers[0]), let part = numbers.count == 1 ? 0 : Int(numbers[1]), part >= 0 else { return nil }
        (self.sequence, self.part) = (sequence, part)
    }

    public var sortKey: String { part == 0 ? "\(sequence)" : "\(sequence).\(part)" }

    public static func < (one: AuditPosition, other: AuditPosition) -> Bool {
        (one.sequence, one.part) < (other.sequence, other.part)
    }

    var number: AuditNumber { AuditNumber(sequence: sequence, part: part) }
}
