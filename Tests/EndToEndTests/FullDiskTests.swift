import AsyncHTTPClient
import Foundation
import HMSTestKit
import HospitalClient
import PlainText
import ProcessDriving
import ServiceKit
import Supervision
import Testing

/// A hospital whose files may not grow, which is a full disk to it: no privileges are needed for that.
@Suite(.timeLimit(.minutes(10))) struct FullDiskTests {
    @Test func `on a full disk it starts and reads, says that nothing can be stored, and goes on by itself when there is room`()
        async throws
    {
        let folder = try TemporaryFolder()
        let before = try await HospitalProcess.start(Clinic.executable, in: folder)
        try await Self.withClient(of: before) { client in
            let reply = try await client.send(Self.registration("Asha Rao"))
            #expect(reply.status == 201)
        }
        #expect(try await before.stop() == 0)

        let hospital = try await HospitalProcess.start(try Self.limited(in: folder), in: folder)
        try await Self.withClient(of: hospital) { client in
            try await eventually("it hears that nothing can be stored") {
                let reply = try await client.send(Self.registration("Patient \(UUID().uuidString.prefix(8))"))
                #expect([201, 503].contains(reply.status), "\(reply.reason)")
                return reply.status == 503
            }
            let refusal = try await client.send(Self.registration("Ravi Rao"))
            #expect(refusal.code == "UNAVAILABLE" && refusal.reason.contains("full"), "\(refusal.reason)")
            #expect(refusal.header("retry-after") != nil)
            let ready = try await client.send(APIRequest(.get, "/readyz"))
            #expect(ready.status == 503 && ready.body?["services"]?["patient"] == "STORAGE_FULL")
            let found = try await client.send(APIRequest(.get, "/v1/patients", query: [("query", "asha")]))
            #expect(found.body?["patients"]?.elements.count == 1)

            for (name, pid) in hospital.processes where name != "rest" { try await Self.liftLimit(of: pid) }
            try await eventually("it notices by itself that there is room") {
                try await client.send(APIRequest(.get, "/readyz")).status == 200
            }
            #expect(try await client.send(Self.registration("Ravi Rao")).status == 201)
        }
        #expect(try await hospital.stop() == 0)
    }

    @Test func `with less room than must be left it starts and reads, and stores nothing`() async throws {
        let folder = try TemporaryFolder()
        let before = try await HospitalProcess.start(Clinic.executable, in: folder)
        try await Self.withClient(of: before) { client in
            let reply = try await client.send(Self.registration("Asha Rao"))
            #expect(reply.status == 201)
        }
        #expect(try await before.stop() == 0)
        // A tebibyte, which no disk of a test has.
        let room = [Settings.storageRoom.environmentName: "1048576"]
        let hospital = try await HospitalProcess.start(Clinic.executable, in: folder, environment: room)
        try await Self.withClient(of: hospital) { client in
            let refusal = try await client.send(Self.registration("Ravi Rao"))
            #expect(refusal.status == 503 && refusal.reason.contains("full"), "\(refusal.reason)")
            let ready = try await client.send(APIRequest(.get, "/readyz"))
            #expect(ready.status == 503 && ready.body?["services"]?["patient"] == "STORAGE_FULL")
            let found = try await client.send(APIRequest(.get, "/v1/patients", query: [("query", "rao")]))
            #expect(found.body?["patients"]?.elements.count == 1)
        }
        #expect(try await hospital.stop() == 0)
    }

    private static func registration(_ name: String) -> APIRequest {
        APIRequest(.post, "/v1/patients", body: ["name": .string(name), "dob": "1990-04-12"])
    }

    /// A program that starts the hospital with files of at most 40 KiB: the log's index has room, the log soon has not.
    private static func limited(in folder: TemporaryFolder) throws -> String {
        let path = try folder.write("#!/bin/bash\nulimit -S -f 40\nexec '\(Clinic.executable)' \"$@\"\n", to: "limited")
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
        return path
    }

    private static func liftLimit(of pid: Int32) async throws {
        let run = try await CommandRun("/usr/bin/prlimit", ["--pid", "\(pid)", "--fsize=unlimited"])
        try #require(run.status == 0)
    }

    private static func withClient(of hospital: HospitalProcess, _ body: (HospitalClient) async throws -> Void) async throws {
        let token = try hospital.data.token(subject: "test", role: .reception, lifetime: .seconds(600))
        let url = try HospitalURL(hospital.url)
        try await HTTPClient.withHospitalClient { http in try await body(HospitalClient(url: url, token: token, http: http)) }
    }
}
