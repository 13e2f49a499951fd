public import Vocabulary

/// The record of a doctor that is to change.
public struct RecordChangeFacts: Hashable, Sendable {
    public let isActive: Bool
    public let version: Int64

    public init(isActive: Bool, version: Int64) {
        self.isActive = isActive
        self.version = version
    }
}

/// A change of a doctor's record. The first rule broken is the answer.
///
/// - Parameter expectedVersion: the version that the caller has read; nil where he does not care.
public func rejectionOfChange(expecting expectedVersion: Int64?, given facts: RecordChangeFacts) -> Rejection? {
    if let expectedVersion, expectedVersion != facts.version {
        return Rejection(.versionMismatch, "The doctor was changed in the meantime.")
    }
    return rejectionOfChange(whereDoctorIsActive: facts.isActive)
}

/// A deleted doctor's record, hours and leave stay readable and are history: nothing of them changes.
public func rejectionOfChange(whereDoctorIsActive isActive: Bool) -> Rejection? {
    isActive ? nil : Rejection(.doctorInactive, "The doctor is inactive.")
}
