import Contracts
import Foundation
import HospitalClient
import NIOCore
import ProtobufC
import RPC
import Synchronization
import Testing

/// Writes down what is called, and says that nothing is implemented.
private final class NotingChannel: RPCChannel {
    let calls = Mutex<[(method: String, metadata: Metadata)]>([])

    func call(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) async throws -> ClientReply {
        calls.withLock { $0.append((method.name, options.metadata)) }
        throw RPCError.unimplemented(method.name)
    }
}

@Suite struct RemoteHospitalTests {
    @Test func `each service is called over its own channel`() async throws {
        let channels = Mutex<[String: NotingChannel]>([:])
        let hospital = RemoteHospital { service in
            let channel = NotingChannel()
            channels.withLock { $0[service] = channel }
            return channel
        }
        await #expect(throws: RPCError.self) { try await hospital.patient.getPatient(GetPatientRequest(patientID: "pat_1")) }
        await #expect(throws: RPCError.self) { try await hospital.payment.createPayment(CreatePaymentRequest()) }
        let called = channels.withLock { $0.mapValues { $0.calls.withLock { $0.map(\.method) } } }
        #expect(called["patient"] == ["hms.patient.v1.PatientService/GetPatient"])
        #expect(called["payment"] == ["hms.payment.v1.PaymentService/CreatePayment"])
        #expect(called.count == 7)
    }

    @Test func `a hospital on this machine says where its services are`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "hospital-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }  // It lies in a folder that is emptied by the system.
        try Data(#"{"pid": 1, "url": "http://127.0.0.1:8080", "services": {"patient": "127.0.0.1:7001"}}"#.utf8).write(to: file)
        let addresses = try ServiceAddresses(hospitalFile: file)
        #expect(try addresses.text(of: "patient") == "127.0.0.1:7001")
        #expect(throws: ServiceAddresses.Unknown.self) { try addresses.text(of: "doctor") }
    }

    @Test func `elsewhere each is found under its name`() throws {
        #expect(try ServiceAddresses(port: 7000, domain: "hms").text(of: "patient") == "patient.hms:7000")
        #expect(try ServiceAddresses(port: 7000).text(of: "doctor") == "doctor:7000")
        #expect(throws: ServiceAddresses.Unknown.self) { try ServiceAddresses(["patient": "nowhere"]).text(of: "patient") }
    }
}
