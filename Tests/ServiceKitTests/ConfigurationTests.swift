import HMSTestKit
import Logging
import Testing
import Vocabulary

@testable import ServiceKit

@Suite(.timeLimit(.minutes(10))) struct ConfigurationTests {
    private func load(_ arguments: [String] = [], _ environment: [String: String] = [:]) throws -> HospitalConfiguration {
        try HospitalConfiguration.load(arguments: arguments, environment: environment).configuration
    }

    /// The problems that loading ends in.
    private func problems(_ arguments: [String] = [], _ environment: [String: String] = [:]) -> [ConfigurationError.Problem] {
        do {
            _ = try HospitalConfiguration.load(arguments: arguments, environment: environment)
            return []
        } catch let error as ConfigurationError {
            return error.problems
        } catch {
            Issue.record("an unexpected error: \(error)")
            return []
        }
    }

    @Test func `without any setting the defaults hold`() throws {
        let configuration = try load()
        #expect(configuration.dataFolder == "./var")
        #expect(configuration.clockFile == nil)
        #expect(configuration.clinic == ClinicConfiguration(timeZone: "Asia/Kolkata", currency: "INR", consultationFee: 50_000))
        #expect(configuration.clinic.phoneRegion.code == "IN")
        #expect(configuration.logLevel == .info)
        #expect(configuration.identity.jwksFile == "./var/keys/jwks.json")
        #expect(configuration.httpListen == NetworkAddress(host: "127.0.0.1", port: 8080))
        #expect(configuration.peers.isEmpty)
    }

    @Test func `the defaults of the table are those of the program`() throws {
        let loaded = try load()
        let built = HospitalConfiguration(dataFolder: "./var")
        #expect(loaded.clinic == built.clinic)
        #expect(loaded.identity == built.identity)
        #expect(loaded.logLevel == built.logLevel)
        #expect(loaded.rpcListen == built.rpcListen)
        #expect(loaded.httpListen == built.httpListen)
        #expect(loaded.http == built.http)
        #expect(loaded.timeout == built.timeout)
        #expect(loaded.maximumTimeout == built.maximumTimeout)
        #expect(loaded.drainGrace == built.drainGrace)
        #expect(loaded.idempotencyRetention == built.idempotencyRetention)
    }

    @Test func `a flag is stronger than the environment, and that is stronger than the file`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            #"{"clinic": {"timezone": "Asia/Kathmandu"}, "currency": "NPR", "consultation": {"fee": 7}}"#, to: "hms.json")
        let environment = ["HMS_CONFIG": file, "HMS_CURRENCY": "USD", "HMS_CLINIC_TIMEZONE": "Europe/Paris"]
        let clinic = try load(["--clinic-timezone", "America/New_York"], environment).clinic
        #expect(clinic == ClinicConfiguration(timeZone: "America/New_York", currency: "USD", consultationFee: 7))
    }

    @Test func `what HTTP clients may have is set as it is needed`() throws {
        let environment = ["HMS_HTTP_CONNECTIONS_MAXIMUM": "100", "HMS_HTTP_CONNECTIONS_SHARE": "100", "HMS_HTTP_BODIES_MEBIBYTES": "1"]
        let http = try load([], environment).http
        #expect(http.connections == 100 && http.connectionShare == 100 && http.bodyBudget == 1 << 20)
        for wrong in ["0", "-1", "1000001", "many"] {
            #expect(throws: ConfigurationError.self) { try load(["--http-connections-maximum", wrong]) }
        }
    }

    @Test func `peers are lists of addresses, on every source`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(#"{"peer": {"billing": ["10.0.0.1:7003", "10.0.0.2:7003"]}}"#, to: "hms.json")
        let environment = ["HMS_PEER_DOCTOR": "a:1,[::1]:2"]
        let peers = try load(["--config", file, "--peer-patient=one:7000,two:7000"], environment).peers
        #expect(peers["patient"] == [NetworkAddress(host: "one", port: 7000), NetworkAddress(host: "two", port: 7000)])
        #expect(peers["doctor"] == [NetworkAddress(host: "a", port: 1), NetworkAddress(host: "::1", port: 2)])
        #expect(peers["billing"] == [NetworkAddress(host: "10.0.0.1", port: 7003), NetworkAddress(host: "10.0.0.2", port: 7003)])
        #expect(peers["appointment"] == nil)
    }

    @Test(
        arguments: [
            ("HMS_CLINIC_NAME", ""), ("HMS_CLINIC_NAME", " "), ("HMS_CLINIC_NAME", "a\nb"),
            ("HMS_CLINIC_NAME", String(repeating: "x", count: 101)),
            ("HMS_CLINIC_TIMEZONE", "Mars/Olympus"), ("HMS_CLINIC_TIMEZONE", ""), ("HMS_CLINIC_TIMEZONE", "IST"),
            ("HMS_CURRENCY", "rupee"), ("HMS_PHONE_REGION", "ZZ"), ("HMS_PHONE_REGION", "in"), ("HMS_PHONE_REGION", ""),
            ("HMS_CURRENCY", "inr"), ("HMS_CONSULTATION_FEE", "0"), ("HMS_CONSULTATION_FEE", "1000000000001"),
            ("HMS_CONSULTATION_FEE", "500.00"), ("HMS_LOG_LEVEL", "loud"), ("HMS_RPC_LISTEN", "7000"), ("HMS_RPC_LISTEN", "host:65536"),
            ("HMS_HTTP_LISTEN", ":8080"), ("HMS_TIMEOUT_DEFAULT", "10"), ("HMS_TIMEOUT_DEFAULT", "0s"), ("HMS_TIMEOUT_DEFAULT", "61s"),
            ("HMS_TOKEN_LEEWAY", "31s"), ("HMS_IDEMPOTENCY_RETENTION", "23h"), ("HMS_PEER_DOCTOR", "doctor:0"),
            ("HMS_PEER_DOCTOR", "a:1,,b:2"),
            ("HMS_PAYMENT_PROVIDER", "bank"), ("HMS_PAYMENT_TIMEOUT", "61s"), ("HMS_PAYMENT_SWEEP_AFTER", "2h"),
            ("HMS_ISSUER", ""), ("HMS_DATA", ""),
        ])
    func `a wrong value stops the start and its key is named`(name: String, value: String) {
        let problems = problems([], [name: value])
        #expect(problems.map(\.name) == [name])
    }

    @Test(arguments: [
        ("HMS_CONSULTATION_FEE", "1"), ("HMS_PHONE_REGION", "GB"), ("HMS_CONSULTATION_FEE", "1000000000000"), ("HMS_TOKEN_LEEWAY", "30s"),
        ("HMS_TIMEOUT_DEFAULT", "60s"), ("HMS_PAYMENT_PROVIDER", "sandbox"), ("HMS_PAYMENT_TIMEOUT", "60s"),
    ])
    func `values at the edge are taken`(name: String, value: String) {
        #expect(problems([], [name: value]).isEmpty)
    }

    @Test func `all problems are told at once`() {
        let problems = problems(["--currency", "x"], ["HMS_LOG_LEVEL": "x", "HMS_CLINIC_TIMEZONE": "x/y"])
        #expect(Set(problems.map(\.name)) == ["--currency", "HMS_LOG_LEVEL", "HMS_CLINIC_TIMEZONE"])
    }

    @Test func `a flag that is no setting is refused`() {
        #expect(problems(["--colour", "red"]).map(\.name) == ["--colour"])
    }

    @Test(arguments: [["-x"], ["now"], ["--currency", "EUR", "now"], ["--currency=EUR", "now"], ["--currency", "EUR", "-x"], ["-"]])
    func `nothing on the command line is passed over`(arguments: [String]) {
        #expect(problems(arguments).map(\.name) == [arguments.last ?? ""])
    }

    @Test func `a flag that is nearly a setting is answered with that`() {
        #expect(problems(["--curency", "EUR"]).first?.sentence.contains("did you mean --currency?") == true)
        #expect(problems(["--colour", "red"]).first?.sentence.contains("did you mean") == false)
    }

    @Test(arguments: [
        ("HMS_DTAA", "did you mean HMS_DATA?"), ("HMS_CURENCY", "did you mean HMS_CURRENCY?"), ("HMS_TOKN", "did you mean HMS_TOKEN?"),
        ("HMS_SOMETHING_ELSE", "is ignored"),
    ])
    func `a variable that looks like a setting and is none is told, with the nearest one`(name: String, words: String) throws {
        let loaded = try HospitalConfiguration.load(arguments: [], environment: [name: "x", "HMS_CURRENCY": "EUR", "PATH": "/bin"])
        #expect(loaded.remarks.count == 1)
        #expect(loaded.remarks.first?.hasPrefix(name) == true && loaded.remarks.first?.contains(words) == true)
    }

    @Test func `every variable that the programs read is known`() throws {
        let names = Settings.all.map(\.environmentName) + ["HMS_CONFIG", "HMS_TOKEN", "HMS_LIFELINE", "HMS_DESCRIPTORS"]
        #expect(LoadedConfiguration.remarks(on: Dictionary(uniqueKeysWithValues: names.map { ($0, "x") })).isEmpty)
    }

    @Test func `flags are handed on as variables, and nothing else is`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(#"{"currency": "NPR"}"#, to: "hms.json")
        let loaded = try HospitalConfiguration.load(
            arguments: ["--config", file, "--smtp-password", "hunter2"], environment: ["HMS_ISSUER": "me"])
        #expect(loaded.flagsAsVariables == ["HMS_CONFIG": file, "HMS_SMTP_PASSWORD": "hunter2"])
        #expect(loaded.isSet(Settings.currency) && !loaded.isSet(Settings.rpcListen))
    }

    @Test func `a key of the file that is no setting is refused by its path`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(#"{"clinic": {"timezone": "UTC", "colour": "red"}}"#, to: "hms.json")
        #expect(problems(["--config", file]).map(\.name) == ["clinic.colour in \(file)"])
    }

    @Test(arguments: ["", "[]", "{", #"{"currency": }"#])
    func `a file that is no JSON object stops the start`(text: String) throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(text, to: "hms.json")
        #expect(problems(["--config", file]).map(\.name) == [file])
    }

    @Test func `a file that is missing stops the start`() {
        #expect(problems(["--config", "/nowhere/hms.json"]).map(\.name) == ["/nowhere/hms.json"])
    }

    @Test func `a value of the wrong type in the file is refused`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(#"{"currency": 5, "consultation": {"fee": "much"}, "peer": {"doctor": {"a": 1}}}"#, to: "hms.json")
        let names = problems(["--config", file]).map(\.name)
        #expect(names == ["peer.doctor.a in \(file)"])
        try folder.write(#"{"currency": 5, "consultation": {"fee": "much"}}"#, to: "hms.json")
        #expect(Set(problems(["--config", file]).map(\.name)) == ["currency in \(file)", "consultation.fee in \(file)"])
    }

    @Test func `the dump names every value with its origin`() throws {
        let loaded = try HospitalConfiguration.load(arguments: ["--currency", "EUR"], environment: [:])
        let lines = loaded.redactedDump.split(separator: "\n")
        #expect(lines.contains("currency = EUR  (--currency)"))
        #expect(lines.contains("issuer = hms  (default)"))
        #expect(lines.count == Settings.all.count)
    }

    @Test func `the dump leaves secrets out`() {
        let secret = Setting("database.password", isSecret: true, meaning: "A secret")
        #expect(SettingValue(setting: secret, text: "hunter2", origin: "HMS_DATABASE_PASSWORD").description.contains("hunter2") == false)
    }

    @Test func `settings have one name each on every source`() {
        #expect(Set(Settings.all.map(\.flag)).count == Settings.all.count)
        #expect(Set(Settings.all.map(\.environmentName)).count == Settings.all.count)
        #expect(Settings.timeZone.environmentName == "HMS_CLINIC_TIMEZONE")
        #expect(Settings.timeZone.flag == "--clinic-timezone")
    }
}
