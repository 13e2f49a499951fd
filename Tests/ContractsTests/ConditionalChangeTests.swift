import Contracts
import FieldChecks
import NIOCore
import PublicRoutes
import Routes
import Testing

@testable import RPC

/// A change of one version only, as the contract marks it, is never made twice.
@Suite struct ConditionalChangeTests {
    private func mayRunTwice(_ method: MethodDescriptor, _ payload: ByteBuffer) -> Bool {
        ClientCall(method: method, payload: payload, options: CallOptions()).mayRunTwice
    }

    @Test func `an update of any version may be repeated, one of a version may not`() {
        #expect(mayRunTwice(PatientServiceMethods.updatePatient, UpdatePatientRequest(patientID: "pat_1").payload()))
        #expect(!mayRunTwice(PatientServiceMethods.updatePatient, UpdatePatientRequest(patientID: "pat_1", expectedVersion: 0).payload()))
        #expect(mayRunTwice(DoctorServiceMethods.updateDoctor, UpdateDoctorRequest(doctorID: "doc_1").payload()))
        #expect(!mayRunTwice(DoctorServiceMethods.updateDoctor, UpdateDoctorRequest(doctorID: "doc_1", expectedVersion: 3).payload()))
    }

    @Test func `every route that takes If-Match has a method that knows the field`() {
        let conditional = Contracts.routes.filter { $0.ifMatchField != nil }
        #expect(!conditional.isEmpty)
        for route in conditional { #expect(route.method.ifMatchField != nil, "\(route.method.name)") }
    }
}
