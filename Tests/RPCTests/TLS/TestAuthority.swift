import CertificateAuthority
import Foundation
import Logging
import RPC
import Synchronization
import Vocabulary

/// An authority for one test, and what is made with its certificates.
struct TestAuthority {
    let authority: CertificateAuthority

    init() throws {
        authority = try CertificateAuthority(named: "test", validity: Self.good)
    }

    /// From yesterday until tomorrow.
    static var good: Range<Instant> { now - .days(1)..<now + .days(1) }
    static var past: Range<Instant> { now - .days(2)..<now - .days(1) }
    private static var now: Instant { Instant(millisecondsSinceEpoch: Int64(Date.now.timeIntervalSince1970 * 1000)) }

    func material(_ names: String..., validity: Range<Instant> = good, trusting other: TestAuthority? = nil) throws -> TLSMaterial {
        let issued = try authority.issue(to: names, validity: validity)
        return TLSMaterial(
            certificates: Array(issued.certificate.utf8), privateKey: Array(issued.privateKey.utf8),
            trustRoots: Array((other ?? self).authority.certificate.utf8))
    }

    /// A server that is `patient.hms` and listens to `appointment.hms` and `rest.hms`.
    func server(_ material: TLSMaterial? = nil) throws -> RPCServerOptions {
        var options = RPCServerOptions.patient
        options.tls = ServerTLS(try credentials(material ?? self.material("patient.hms")), peerNames: ["appointment.hms", "rest.hms"])
        return options
    }

    /// A client that is `appointment.hms` and expects `patient.hms`.
    func client(_ material: TLSMaterial? = nil, to server: String = "patient.hms") throws -> RPCClientOptions {
        var options = RPCClientOptions.patient
        options.retry.maximumAttempts = 1
        options.tls = ClientTLS(try credentials(material ?? self.material("appointment.hms")), serverName: server)
        return options
    }

    private func credentials(_ material: TLSMaterial) throws -> TLSCredentials {
        try TLSCredentials(ReplaceableMaterial(material), for: .services, logger: quietLogger)
    }
}

/// Material that a test replaces.
final class ReplaceableMaterial: TLSMaterialSource {
    private let next: Mutex<TLSMaterial?>
    let place = "test"

    init(_ material: TLSMaterial) {
        next = Mutex(material)
    }

    func replace(with material: TLSMaterial) {
        next.withLock { $0 = material }
    }

    func readIfChanged() -> TLSMaterial? {
        next.withLock { next in
            defer { next = nil }
            return next
        }
    }
}
