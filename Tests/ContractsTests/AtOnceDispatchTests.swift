import Contracts
import NIOCore
import RPC
import Testing
import UnimplementedServices

/// What the contract marks as `at_once` is answered without a task, by the same handler.
@Suite struct AtOnceDispatchTests {
    private struct Desk: UnimplementedPatientService {
        func getPatient(_ request: GetPatientRequest, _ context: CallContext, _: NothingStored) throws -> GetPatientResponse {
            GetPatientResponse(patient: Patient(patientID: request.patientID))
        }
    }

    private func call(_ method: MethodDescriptor, _ patientID: String) -> ServerCall {
        ServerCall(context: CallContext(method: method), payload: GetPatientRequest(patientID: patientID).payload())
    }

    @Test func `a marked method is answered at once, as it is with a task`() async throws {
        let call = call(PatientServiceMethods.getPatient, "pat_1")
        let atOnce = try #require(try Desk().answerAtOnce(call))
        #expect(try GetPatientResponse(payload: atOnce.payload).patient?.patientID == "pat_1")
        #expect(try await Desk().call(call).payload == atOnce.payload)
    }

    @Test func `its request is held to the contract`() {
        #expect(throws: RPCError.notFound("PATIENT_NOT_FOUND")) {
            try Desk().answerAtOnce(call(PatientServiceMethods.getPatient, "doc_1"))
        }
    }

    @Test func `every other method waits for its task`() throws {
        for method in PatientServiceMethods.all where method != PatientServiceMethods.getPatient {
            #expect(try Desk().answerAtOnce(call(method, "pat_1")) == nil)
        }
    }
}
