import Foundation
import HMSTestKit
import Testing

/// A certificate for localhost and 127.0.0.1, and the authority that vouches for it.
struct TestCertificate {
    private let folder: TemporaryFolder

    var certificate: String { "\(folder.path)/server.pem" }
    var key: String { "\(folder.path)/server.key" }
    var authority: String { "\(folder.path)/authority.pem" }

    init() throws {
        folder = try TemporaryFolder()
        let newKey = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        try openssl(newKey + ["-subj", "/CN=Some authority", "-keyout", "\(folder.path)/authority.key", "-out", authority])
        try openssl(
            newKey + [
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-addext",
                "basicConstraints=critical,CA:FALSE", "-CA", authority, "-CAkey", "\(folder.path)/authority.key", "-keyout", key, "-out",
                certificate,
            ])
    }

    private func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "openssl \(arguments.joined(separator: " "))")
    }
}
