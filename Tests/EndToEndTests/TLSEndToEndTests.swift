import AsyncHTTPClient
import CertificateAuthority
import Foundation
import HMSTestKit
import HospitalClient
import PlainText
import ProcessDriving
import ServiceKit
import Supervision
import Testing
import Vocabulary

/// A hospital whose services speak over TLS with one another, and whose public door speaks HTTPS.
@Suite(.timeLimit(.minutes(10))) struct TLSEndToEndTests {
    private static let hms = Clinic.executable

    @Test func `the whole hospital works over TLS, and the commands that call it`() async throws {
        let folder = try TemporaryFolder()
        let now = Instant(millisecondsSinceEpoch: Int64(Date.now.timeIntervalSince1970 * 1000))
        let authority = try CertificateAuthority(named: "somebody", validity: now - .days(1)..<now + .days(1))
        let door = try authority.issue(to: ["hospital.example"], validity: now - .days(1)..<now + .days(1))
        let file = try folder.write(door.privateKey + door.certificate, to: "door.pem")

        let hospital = try await HospitalProcess.start(
            Self.hms, in: folder, arguments: ["--tls", "--http-tls-cert", file, "--http-tls-key", file])
        #expect(hospital.url.hasPrefix("https://"))
        try await Self.bookNothing(at: hospital)
        let list = try await CommandRun(Self.hms, ["call", "--data", hospital.data.path, "--list"])
        #expect(list.status == 0 && list.output.contains("hms.patient.v1.PatientService/GetPatient"))
        let check = try await CommandRun(Self.hms, ["check", "--data", hospital.data.path])
        #expect(check.status == 0, "\(check.output)")
        #expect(try await hospital.stop() == 0)
    }

    /// Goes through the shim to a service, which asks two others.
    private static func bookNothing(at hospital: HospitalProcess) async throws {
        let token = try hospital.data.token(subject: "desk", role: .reception, lifetime: .seconds(600))
        let url = try HospitalURL(hospital.url)
        try await HTTPClient.withHospitalClient(for: url) { http in
            let client = HospitalClient(url: url, token: token, http: http)
            let body: JSONValue = [
                "patient_id": "pat_01jd4h6p0q8x5v2n7r9m3k1b6z", "doctor_id": "doc_01jd4h6p0q8x5v2n7r9m3k1b6z",
                "department": "Cardiology", "slot_start": "2099-11-30T10:00:00+05:30",
            ]
            let reply = try await client.send(APIRequest(.post, "/v1/appointments", body: body))
            #expect(reply.status == 404, "\(reply)")
        }
    }

    @Test func `to listen beyond this machine is refused without TLS, and said where it is insecure`() async throws {
        let folder = try TemporaryFolder()
        let flags = ["--data", folder.path + "/var", "--http", "0.0.0.0:0", "--rpc-base-port", "0"]
        let refused = try await CommandRun(Self.hms, ["up"] + flags)
        #expect(refused.status != 0)
        let hospital = try await HospitalProcess.start(Self.hms, in: folder, addresses: flags, arguments: ["--insecure"])
        #expect(hospital.output.contains("INSECURE: 0.0.0.0:0 is reached from beyond this machine without TLS"))
        #expect(try await hospital.stop() == 0)
    }
}
