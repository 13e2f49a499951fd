import FieldChecks
import Foundation
import HMSTestKit
import NIOCore
import ProtobufC
import RPC
import Storage
import Testing
import Vocabulary

@testable import ServiceKit

@Suite(.timeLimit(.minutes(10))) struct ErrorMappingTests {
    private let hospital: TestHospital

    init() throws {
        hospital = try TestHospital()
    }

    private func outcome(of failure: any Error) async throws -> Outcome {
        let notebook = try await hospital.open(Notebook.definition(failure: failure))
        return await notebook.channel.send("x", to: Notebook.fail, try await hospital.options(.reception))
    }

    @Test(arguments: RejectionCode.allCases)
    func `a rejection keeps its code, and its kind decides the status`(code: RejectionCode) {
        let error = RPCError(Rejection(code, "No.", field: "dob"))
        #expect(error.reason == code.rawValue)
        #expect(error.message == "No.")
        #expect(error.violations == [FieldViolation(field: "dob", message: "No.")])
        let statuses: [RejectionCode.Kind: StatusCode] = [
            .invalid: .invalidArgument, .forbidden: .permissionDenied, .notFound: .notFound, .conflict: .failedPrecondition,
            .versionMismatch: .aborted,
            .unprocessable: .outOfRange,
        ]
        #expect(error.code == statuses[code.kind])
    }

    @Test func `a rejection reaches the caller`() async throws {
        let outcome = try await outcome(of: Rejection(.patientNotFound, "There is no such patient."))
        #expect(outcome == Outcome(code: .notFound, reason: "PATIENT_NOT_FOUND"))
    }

    @Test func `an RPC error passes as it is`() async throws {
        let outcome = try await outcome(of: RPCError(.unavailable, "UNAVAILABLE", "later", retryAfter: .seconds(3)))
        #expect(outcome == Outcome(code: .unavailable, reason: "UNAVAILABLE", retryAfter: .seconds(3)))
    }

    @Test(
        arguments: [
            (.overloaded, "OVERLOADED"), (.busy, "OVERLOADED"), (.closed, "UNAVAILABLE"), (.full, "STORAGE_FULL"),
            (.readBudgetExceeded, "OVERLOADED"), (.corrupt, "INTERNAL"), (.uniqueViolation(index: "i", columns: ["c"]), "INTERNAL"),
            (.invalidStatement("SELEC"), "INTERNAL"), (.unsupported("use the other"), "UNIMPLEMENTED"),
        ] as [(StorageError, String)])
    func `the database's passing states are told, its faults are not`(failure: StorageError, reason: String) async throws {
        #expect(try await outcome(of: failure).reason == reason)
    }

    @Test func `a cancelled call says so, or that its deadline has passed`() {
        #expect(RPCError(mapping: CancellationError(), deadline: .never) == .cancelled)
        #expect(RPCError(mapping: CancellationError(), deadline: .after(.seconds(-1))) == .deadlineExceeded)
    }

    @Test func `what nobody foresaw is INTERNAL outside and told in full in the log, under the correlation id`() async throws {
        struct Surprise: Error { let detail = "the cupboard is empty" }
        let notebook = try await hospital.open(Notebook.definition(failure: Surprise()))
        var options = try await hospital.options(.reception)
        options.metadata[MetadataName.correlationID] = "trace-me"
        let error = await #expect(throws: RPCError.self) { try await notebook.channel.call(Notebook.fail, .init(), options) }
        #expect(error == .internal)
        #expect(error?.message.contains("cupboard") == false)
        let line = hospital.log.lines.first { $0.contains("cupboard") }
        #expect(line?.contains("\"correlation_id\":\"trace-me\"") == true)
        #expect(line?.contains("Surprise") == true)
    }

    @Test(arguments: [StatusCode.internal, .unknown, .dataLoss])
    func `an RPC error that tells of the inside is told in the log only`(code: StatusCode) async throws {
        let notebook = try await hospital.open(Notebook.definition(failure: RPCError(code, "X", "the answer of billing can't be read")))
        let options = try await hospital.options(.reception)
        let error = await #expect(throws: RPCError.self) { try await notebook.channel.call(Notebook.fail, .init(), options) }
        #expect(error == .internal)
        #expect(hospital.log.lines.contains { $0.contains("the answer of billing") })
    }

    @Test func `what the caller caused is no error in the log`() async throws {
        _ = try await outcome(of: Rejection(.patientNotFound, "There is no such patient."))
        #expect(!hospital.log.lines.contains { $0.contains("\"level\":\"error\"") })
    }
}
