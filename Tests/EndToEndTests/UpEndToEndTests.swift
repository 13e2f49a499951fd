import AsyncHTTPClient
import Foundation
import HMSTestKit
import HospitalClient
import ProcessDriving
import ServiceKit
import Supervision
import Testing

/// `hms up` as whoever looks after the machine knows it: signals, logs, settings, deaths.
@Suite(.timeLimit(.minutes(10))) struct UpEndToEndTests {
    private static let hms = Clinic.executable

    @Test func `a reader of the log that stands still holds up nobody`() async throws {
        let hospital = try await HospitalProcess.start(Self.hms, in: TemporaryFolder(), readsLog: false)
        // A pipe takes 64 KiB; each request is a line of the shim and a line of the service.
        try await Self.withClient(of: hospital) { client in
            for _ in 0..<1_500 {
                let reply = try await client.send(APIRequest(.get, "/v1/patients"))
                #expect(reply.status == 200)
            }
        }
        #expect(try await hospital.stop() == 0)
    }

    @Test func `a hospital that is killed is followed by the next one at the same addresses, which waits for what still drains`()
        async throws
    {
        let folder = try TemporaryFolder()
        let killed = try await HospitalProcess.start(Self.hms, in: folder)
        let addresses = try Self.addresses(of: killed)
        try await killed.killItself()
        #expect(throws: DataFolderError.self) { try killed.data.runningHospital() }
        let next = try await HospitalProcess.start(Self.hms, in: folder, addresses: addresses)
        #expect(next.url == killed.url)
        #expect(try await next.stop() == 0)
    }

    @Test func `a service that is killed is back at once, and who calls meanwhile waits instead of being refused`() async throws {
        let hospital = try await HospitalProcess.start(Self.hms, in: TemporaryFolder())
        for _ in 0..<3 {
            let killed = try #require(hospital.processes["rest"])
            hospital.kill("rest")
            try await eventually("it is gone") { kill(killed, 0) == -1 }
            try await Self.withClient(of: hospital) { client in
                let reply = try await client.send(APIRequest(.get, "/v1/patients"))
                #expect(reply.status == 200)
            }
            try await eventually("the next one is known") { hospital.processes["rest"] != killed }
        }
        #expect(try await hospital.stop() == 0)
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
    func `a signal stops everything in order`(signal: Int32) async throws {
        let hospital = try await HospitalProcess.start(Self.hms, in: TemporaryFolder())
        hospital.signal(signal)
        #expect(try await hospital.exitStatus() == 0)
        #expect(hospital.log.contains { $0.contains("\"Stopped\"") })
    }

    @Test func `a second signal stops at once`() async throws {
        let hospital = try await HospitalProcess.start(Self.hms, in: TemporaryFolder(), arguments: ["--drain-grace", "600s"])
        let processes = hospital.processes
        // It will not stop when it is asked to.
        hospital.freeze("rest")
        hospital.signal(SIGINT)
        hospital.signal(SIGINT)
        try await eventually("it ends by the second signal", within: .seconds(60)) {
            hospital.signal(SIGINT)
            return kill(hospital.pid, 0) == -1 || processes.values.allSatisfy { kill($0, 0) == -1 }
        }
        #expect(try await hospital.exitStatus() == 128 + SIGINT)
    }

    @Test func `data and address stand in the file that HMS_CONFIG names, and every command looks there`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            #"{"data": "\#(folder.path)/elsewhere", "http": {"listen": "127.0.0.1:0"}, "rpc": {"listen": "127.0.0.1:0"}}"#, to: "hms.json")
        let environment = ["HMS_CONFIG": file, "HMS_DTAA": "x"]
        let hospital = try await HospitalProcess.start(Self.hms, in: folder, addresses: [], environment: environment)
        #expect(try DataFolder(folder.path + "/elsewhere").runningHospital().url == hospital.url)
        #expect(hospital.log.contains { $0.contains("HMS_DTAA") && $0.contains("did you mean HMS_DATA?") })
        let token = try await CommandRun(Self.hms, ["token", "--role", "reception"], environment: environment)
        #expect(token.status == 0 && token.output.hasPrefix("ey"))
        #expect(try await hospital.stop() == 0)
    }

    @Test(arguments: [["up", "-x"], ["up", "--colour", "red"], ["up", "now"], ["serve", "patient", "-x"]])
    func `an unknown flag is told, with the status of a wrong command`(arguments: [String]) async throws {
        #expect(try await CommandRun(Self.hms, arguments).status == 64)
    }

    @Test func `a token is printed only where a person looks on, and commands take one from the environment or a file`() async throws {
        let hospital = try await HospitalProcess.start(Self.hms, in: TemporaryFolder())
        #expect(!hospital.output.contains("Bearer ey"))
        let admin = try hospital.data.token(subject: "me", role: .admin, lifetime: .seconds(600))
        let file = try hospital.folder.write(admin + "\n", to: "token")
        let list = ["call", "--data", hospital.data.path, "hms.patient.v1.PatientService/ListPatients"]
        #expect(try await CommandRun(Self.hms, list + ["--token-file", file]).status == 0)
        #expect(try await CommandRun(Self.hms, list, environment: ["HMS_TOKEN": admin]).status == 0)
        #expect(try await CommandRun(Self.hms, list, environment: ["HMS_TOKEN": "nonsense"]).status == 116)
        #expect(try await CommandRun(Self.hms, list + ["--token-file", file], environment: ["HMS_TOKEN": "nonsense"]).status == 0)
        #expect(try await CommandRun(Self.hms, list + ["--token-file", "/no/such/file"]).status == 64)
        #expect(try await hospital.stop() == 0)
    }

    @Test func `a damaged database is named at the start, with what to do`() async throws {
        let folder = try TemporaryFolder()
        let hospital = try await HospitalProcess.start(Self.hms, in: folder, arguments: ["--print-token"])
        #expect(hospital.output.contains("Bearer ey"))
        #expect(try await hospital.stop() == 0)
        let database = hospital.data.path + "/billing/billing.sqlite"
        try Data(repeating: 0x2A, count: 8_192).write(to: URL(fileURLWithPath: database))
        let failure = await #expect(throws: HospitalProcessError.self) { try await HospitalProcess.start(Self.hms, in: folder) }
        let words = try #require(failure.map { "\($0)" })
        #expect(words.contains("billing could not start: \(database) is damaged"))
        #expect(words.contains("backup"))
    }

    private static func addresses(of hospital: HospitalProcess) throws -> [String] {
        let addresses = try hospital.data.runningHospital()
        let http = try #require(addresses.url.split(separator: "/").last)
        // The ports need not follow one another: each is named.
        return ["--data", hospital.data.path, "--http", String(http), "--rpc-base-port", "0"]
    }

    private static func withClient(of hospital: HospitalProcess, _ body: (HospitalClient) async throws -> Void) async throws {
        let token = try hospital.data.token(subject: "test", role: .reception, lifetime: .seconds(600))
        let url = try HospitalURL(hospital.url)
        try await HTTPClient.withHospitalClient { http in try await body(HospitalClient(url: url, token: token, http: http)) }
    }
}
