import Contracts
import PatientRules
public import RPC
public import ServiceKit

extension PatientService: DoctorAdmission {
    /// Lets a doctor read patients whom he treats, and others where he says why.
    ///
    /// - Throws: `ACCESS_REASON_REQUIRED`.
    public func admit(
        doctor doctorID: String, to patientIDs: [String], because reason: AccessReason?, _ context: CallContext
    ) async throws -> DoctorAccess {
        let treatment = try await treatment(of: patientIDs, by: doctorID, context)
        if let rejection = rejectionOfReading(treatment, saysWhy: reason != nil) { throw rejection }
        return treatment == .ofAll ? .treatment : .emergency
    }

    private func treatment(of patientIDs: [String], by doctorID: String, _ context: CallContext) async throws -> Treatment {
        let others = treatments.unknown(of: patientIDs, by: doctorID)
        guard !others.isEmpty else { return .ofAll }
        guard let treated = try await peers.treatedPatients(of: others, by: doctorID, context) else { return .unknown }
        treatments.remember(treated, by: doctorID)
        return Set(others).isSubset(of: treated) ? .ofAll : .notOfAll
    }
}
