import Foundation
import HMSTestKit
import ProcessDriving
import ServiceKit
import Supervision
import Testing

/// `hms doctor`, as an operator and a script use it.
@Suite(.timeLimit(.minutes(10))) struct DoctorCommandTests {
    private struct Finding: Decodable {
        let verdict: String
        let subject: String
        let finding: String
        let remedy: String
    }

    @Test func `nothing is wrong with a hospital that runs, and every part of it is looked at`() async throws {
        let folder = try TemporaryFolder()
        let hospital = try await HospitalProcess.start(Clinic.executable, in: folder)
        let (status, findings) = try await Self.examine(hospital.data.path)
        #expect(status == 0, "\(findings)")
        for service in Settings.services { #expect(findings.contains { $0.subject == service && $0.finding.contains("serves") }) }
        #expect(findings.contains { $0.subject == "public door" && $0.verdict == "fine" })
        #expect(findings.contains { $0.subject == "SQLite" && $0.verdict == "fine" })
        #expect(findings.allSatisfy { !$0.remedy.isEmpty })
        hospital.freeze("billing")
        let frozen = try await Self.examine(hospital.data.path)
        #expect(frozen.status == 1)
        #expect(frozen.findings.contains { $0.subject == "billing" && $0.verdict == "wrong" })
        hospital.thaw("billing")
        #expect(try await hospital.stop() == 0)
    }

    @Test func `what is wrong with a hospital at rest is named with what to do`() async throws {
        let folder = try TemporaryFolder()
        let hospital = try await HospitalProcess.start(Clinic.executable, in: folder)
        #expect(try await hospital.stop() == 0)
        let data = hospital.data.path
        #expect(try await Self.examine(data).status == 0)

        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: data + "/keys/signing.pem")
        try FileManager.default.removeItem(atPath: data + "/billing/billing.sqlite")
        let (status, findings) = try await Self.examine(data, environment: ["HMS_STORAGE_ROOM": "1048576"])
        #expect(status == 1)
        let wrong = findings.filter { $0.verdict == "wrong" }
        #expect(Set(wrong.map(\.subject)) == ["signing key", "billing", "room"], "\(wrong)")
        #expect(wrong.contains { $0.remedy.contains("chmod 600") } && wrong.contains { $0.remedy.contains("hms restore") })
    }

    @Test func `each file of keys that can't be used, or that others can read, is named with what to do`() async throws {
        let folder = try TemporaryFolder()
        let hospital = try await HospitalProcess.start(Clinic.executable, in: folder)
        #expect(try await hospital.stop() == 0)
        let keys = hospital.data.path + "/keys"
        for name in ["jwks.json", "services.json", "sealing.json", "services/billing.pem", "signing.pem", "revoked.json", "users.json"] {
            let path = "\(keys)/\(name)"
            let whole = FileManager.default.contents(atPath: path)
            let mode: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
            #expect(FileManager.default.createFile(atPath: path, contents: Data("{".utf8), attributes: mode))
            let (status, findings) = try await Self.examine(hospital.data.path)
            #expect(status == 1, "\(name)")
            #expect(findings.filter { $0.verdict == "wrong" }.map(\.finding).allSatisfy { $0.contains(name) }, "\(findings)")
            if let whole {
                #expect(FileManager.default.createFile(atPath: path, contents: whole, attributes: mode))
            } else {
                try FileManager.default.removeItem(atPath: path)
            }
        }
        #expect(try await Self.examine(hospital.data.path).status == 0)
        for name in ["sealing.json", "services/billing.pem", "signing.pem"] {
            let path = "\(keys)/\(name)"
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
            let wrong = try await Self.examine(hospital.data.path).findings.filter { $0.verdict == "wrong" }
            #expect(wrong.count == 1 && wrong.allSatisfy { $0.remedy.hasPrefix("chmod 600 \(path); then ") }, "\(wrong)")
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        }
    }

    @Test func `a key whose public part nobody believes is named`() async throws {
        let folder = try TemporaryFolder()
        let hospital = try await HospitalProcess.start(Clinic.executable, in: folder)
        let keys = hospital.data.path + "/keys"
        try FileManager.default.removeItem(atPath: "\(keys)/services/billing.pem")
        try FileManager.default.copyItem(atPath: "\(keys)/services/patient.pem", toPath: "\(keys)/services/billing.pem")
        let (status, findings) = try await Self.examine(hospital.data.path)
        #expect(status == 1)
        #expect(findings.contains { $0.verdict == "wrong" && $0.finding.contains("services/billing.pem") }, "\(findings)")
        #expect(try await hospital.stop() == 0)
    }

    @Test func `a server of databases that does not answer, and a certificate without its key, are named`() async throws {
        let folder = try TemporaryFolder()
        let hospital = try await HospitalProcess.start(Clinic.executable, in: folder)
        #expect(try await hospital.stop() == 0)
        // Nobody listens there.
        let away = try await Self.examine(
            hospital.data.path, environment: ["HMS_DATABASE": "postgres://hms:topsecret@127.0.0.1:1/hms"])
        #expect(away.status == 1)
        #expect(away.findings.contains { $0.verdict == "wrong" && $0.subject == "server" }, "\(away.findings)")
        #expect(away.findings.allSatisfy { !$0.finding.contains("topsecret") })

        let (certificate, key) = (folder.path + "/http.crt", folder.path + "/http.key")
        for path in [certificate, key] { try Data("none".utf8).write(to: URL(fileURLWithPath: path)) }
        let door = try await Self.examine(
            hospital.data.path, environment: ["HMS_HTTP_TLS_CERT": certificate, "HMS_HTTP_TLS_KEY": key])
        #expect(door.status == 1)
        #expect(door.findings.contains { $0.verdict == "wrong" && $0.subject == "public TLS" }, "\(door.findings)")
    }

    @Test func `a folder without a hospital is wrong`() async throws {
        let folder = try TemporaryFolder()
        #expect(try await Self.examine(folder.path + "/nowhere").status == 1)
    }

    private static func examine(
        _ data: String, environment: [String: String] = [:]
    ) async throws -> (status: Int32, findings: [Finding]) {
        let run = try await CommandRun(Clinic.executable, ["doctor", "--json", "--data", data], environment: environment)
        return (run.status, try JSONDecoder().decode([Finding].self, from: Data(run.output.utf8)))
    }
}
