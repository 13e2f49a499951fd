public import Contracts
import RPC
public import Storage
import Vocabulary

/// Takes out of a service's rows what tells who a person is, and leaves what law obliges to keep, under his id. Done again it
/// changes nothing.
///
/// - Returns: how many rows it has changed.
public typealias Erasure = @Sendable (_ person: ForgottenPerson, _ transaction: Transaction) throws -> Int

extension Transaction {
    /// Erases a person, and keeps that he was forgotten: ``ErasureWorker`` sees to the rest.
    public func forget(_ person: ForgottenPerson, by erasure: Erasure) throws {
        try noteForgotten(person.id, at: person.forgottenAt)
        _ = try erasure(person, self)
    }
}

extension ForgottenPerson {
    /// Whom `patient.forgotten` tells of.
    ///
    /// - Throws: `INVALID_ARGUMENT` for an event that does not say who or when.
    public init(_ event: Event) throws {
        let patient: PatientChanged = try event.message()
        guard let at = event.occurredAt?.instant, !patient.patientID.isEmpty else {
            throw RPCError.invalidArgument("A \(event.eventType) does not say who was forgotten, or when.")
        }
        self.init(id: patient.patientID, forgottenAt: at.millisecondsSinceEpoch)
    }
}
