import Foundation
import HMSTestKit
import Logging
import RPC
import Testing

@testable import ServiceKit

/// The certificates of a hospital on one machine, from its folder to a call.
@Suite(.timeLimit(.minutes(2))) struct ServiceCertificatesTests {
    private let folder: TemporaryFolder
    private let certificates: ServiceCertificates
    private let hospital: TestHospital

    init() throws {
        folder = try TemporaryFolder()
        certificates = ServiceCertificates(dataFolder: folder.path, for: ["patient", "rest"])
        hospital = try TestHospital()
        try certificates.issue()
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: "\(folder.path)/tls/\(name)", encoding: .utf8)
    }

    @Test func `private keys are for their owner's eyes`() throws {
        for name in ["authority-key.pem", "patient.pem", "rest.pem"] {
            let mode = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/tls/\(name)")[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(name)")
        }
    }

    @Test func `the authority stays, certificates are made anew`() throws {
        let before = (try text("authority.pem"), try text("patient.pem"))
        try certificates.issue()
        #expect(try text("authority.pem") == before.0)
        #expect(try text("patient.pem") != before.1)
    }

    @Test func `a service that has its certificate is called by who has his`() async throws {
        var configuration = HospitalConfiguration(dataFolder: hospital.folder.path)
        configuration.tls = certificates.files(of: "patient")
        let host = try await ServiceHost.start(Notebook.definition(), configuration, options: HostOptions(logger: .quiet))
        for (part, name, isHeard) in [("rest", "patient", true), ("rest", "billing", false)] {
            var options = RPCClientOptions()
            let credentials = try TLSCredentials(TLSFiles(certificates.files(of: part)), for: .services, logger: .quiet)
            options.tls = credentials.asClient(of: name)
            let client = RPCClient(addresses: [host.address], options: options, logger: .quiet)
            let outcome = await client.send("milk", to: Notebook.add)
            #expect(outcome.code == (isHeard ? .unauthenticated : .unavailable))
            await client.close()
        }
        await host.stop()
    }

    @Test func `files are read when they have changed, and not otherwise`() throws {
        let files = TLSFiles(certificates.files(of: "patient"))
        #expect(try files.readIfChanged() != nil)
        // What has only just been written is read once more: its stamp tells nothing yet.
        while try files.readIfChanged() != nil {}
        try certificates.issue()
        #expect(try files.readIfChanged() != nil)
    }

    @Test func `files that are not there are an error that names one`() throws {
        let missing = TLSFiles(TLSFileConfiguration(certificate: "/nowhere/c.pem", privateKey: "/nowhere/k.pem", trustRoots: nil))
        let error = #expect(throws: (any Error).self) { try TLSCredentials(missing, for: .anybody, logger: .quiet) }
        #expect(error.map { "\($0)" }?.contains("/nowhere/c.pem") == true)
    }
}

extension Logger {
    fileprivate static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
