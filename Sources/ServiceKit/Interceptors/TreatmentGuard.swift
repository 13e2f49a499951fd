import Logging
import MetricsRegistry
import NIOCore
public import RPC
import Vocabulary

/// What lets a doctor read patients: each service that serves a method with `treatment` has one.
public protocol DoctorAdmission: Sendable {
    /// - Throws: a ``Rejection`` where he may not, as he asks.
    func admit(
        doctor doctorID: String, to patientIDs: [String], because reason: AccessReason?, _ context: CallContext
    ) async throws -> DoctorAccess
}

/// Why a doctor was let in.
public enum DoctorAccess: Hashable, Sendable {
    /// He treats everybody whom he reads.
    case treatment
    /// He does not, and has said why he reads him.
    case emergency
}

/// Holds doctors to the contract's `treatment`: who treats not everybody whom an answer names says why, or is not answered.
///
/// The answer decides, because it alone says whom a search has found. Others are answered as fast as without it, a doctor once it is
/// known whom he treats.
final class TreatmentGuard: ServerReview {
    private let admission: (any DoctorAdmission)?
    private let logger: Logger
    /// Nil where nobody is let in.
    private let emergencies: Counter?

    init(admission: (any DoctorAdmission)?, metrics: Metrics, logger: Logger) {
        self.admission = admission
        self.logger = logger
        emergencies = admission.map { _ in
            metrics.counter(
                "hms_emergency_accesses_total",
                "How often a doctor was let in to read somebody whom he does not treat, because he said why.")
        }
    }

    func concerns(_ method: MethodDescriptor) -> Bool { method.treatment }

    func enter(_ call: ServerCall) -> Bool { true }

    func reviews(_ call: ServerCall, _ outcome: Result<ServerReply, any Error>) -> Bool {
        guard case .success = outcome else { return false }
        return call.context.principal?.role.contains(.doctor) == true
    }

    func review(_ call: ServerCall, _ outcome: inout Result<ServerReply, any Error>) async {
        do {
            try await admit(call.context, to: try outcome.get())
        } catch {
            outcome = .failure(error)
        }
    }

    private func admit(_ context: CallContext, to reply: ServerReply) async throws {
        let patients = RecordIDs.all(in: Array(reply.payload.readableBytesView)).filter { $0.hasPrefix("pat_") }
        guard !patients.isEmpty else { return }
        guard let admission, let doctor = context.principal?.subject else {
            logger.error("No service says which patients a doctor may read", metadata: ["method": .string(context.method.name)])
            throw RPCError.notHisOwn
        }
        let reason = context.metadata.accessReason.flatMap(AccessReason.init)
        if try await admission.admit(doctor: doctor, to: patients, because: reason, context) == .emergency {
            context.auditRecord.note { $0.isEmergency = true }
            emergencies?.add()
            // Why he does is for who reads the audit.
            logger.notice(
                "A doctor reads somebody whom he does not treat",
                metadata: [
                    "method": "\(context.method.name)", "caller": "\(doctor)", "correlation_id": "\(context.correlationID)",
                ])
        }
    }
}
