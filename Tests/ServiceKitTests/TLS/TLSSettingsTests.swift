import Testing

@testable import ServiceKit

@Suite struct TLSSettingsTests {
    private func load(_ arguments: [String] = [], _ environment: [String: String] = [:]) throws -> HospitalConfiguration {
        try HospitalConfiguration.load(arguments: arguments, environment: environment).configuration
    }

    @Test func `certificate, key and authorities are set together, on every source`() throws {
        let expected = TLSFileConfiguration(certificate: "c", privateKey: "k", trustRoots: "r")
        #expect(try load(["--tls-cert", "c", "--tls-key", "k", "--tls-roots", "r"]).tls == expected)
        #expect(try load([], ["HMS_TLS_CERT": "c", "HMS_TLS_KEY": "k", "HMS_TLS_ROOTS": "r"]).tls == expected)
        #expect(try load().tls == nil)
        for missing in 0..<3 {
            var flags = ["--tls-cert", "c", "--tls-key", "k", "--tls-roots", "r"]
            flags.removeSubrange(missing * 2..<missing * 2 + 2)
            #expect(throws: ConfigurationError.self) { try load(flags) }
        }
    }

    @Test func `the public door wants a certificate and its key`() throws {
        let tls = try load(["--http-tls-cert", "c", "--http-tls-key", "k"]).http.tls
        #expect(tls == TLSFileConfiguration(certificate: "c", privateKey: "k", trustRoots: nil))
        #expect(throws: ConfigurationError.self) { try load(["--http-tls-cert", "c"]) }
        #expect(throws: ConfigurationError.self) { try load(["--http-tls-key", "k"]) }
    }

    @Test func `a flag alone says yes`() throws {
        #expect(try load(["--insecure"]).isInsecure)
        #expect(try load(["--insecure", "--currency", "USD"]).isInsecure)
        #expect(try !load(["--insecure", "no"]).isInsecure)
        #expect(try load([], ["HMS_INSECURE": "yes"]).isInsecure)
        #expect(throws: ConfigurationError.self) { try load([], ["HMS_INSECURE": "perhaps"]) }
    }

    private static let everywhere = NetworkAddress(host: "0.0.0.0", port: 7000)

    @Test func `to listen beyond this machine without TLS is refused`() throws {
        let configuration = try load()
        for address in [Self.everywhere, NetworkAddress(host: "::", port: 1), NetworkAddress(host: "127.evil.org", port: 1)] {
            #expect(throws: OpenDoor.self) { try configuration.openDoors(rpc: address, http: nil) }
            #expect(throws: OpenDoor.self) { try configuration.openDoors(rpc: nil, http: address) }
        }
        for host in ["127.0.0.1", "127.8.8.8", "::1", "localhost"] {
            #expect(try configuration.openDoors(rpc: NetworkAddress(host: host, port: 1), http: nil).isEmpty)
        }
    }

    @Test func `who says that it is insecure is told so`() throws {
        let doors = try load(["--insecure"]).openDoors(rpc: Self.everywhere, http: Self.everywhere)
        #expect(doors.count == 2)
        #expect(doors[0].warning.hasPrefix("INSECURE: 0.0.0.0:7000"))
    }
}
