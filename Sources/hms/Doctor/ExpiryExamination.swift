import Foundation
import RPC
import ServiceKit
import Supervision
import Vocabulary

/// What is good for a time only.
struct ExpiryExamination {
    private static let notice: Duration = .seconds(14 * 86_400)
    /// The hospital's own certificates are good for a day and made anew every six hours.
    private static let ownNotice: Duration = .seconds(6 * 3600)

    private let configuration: HospitalConfiguration
    private let isRunning: Bool
    private let token: TokenOption
    private let now = Instant.ofMachine()

    init(_ configuration: HospitalConfiguration, isRunning: Bool, token: TokenOption) {
        self.configuration = configuration
        self.isRunning = isRunning
        self.token = token
    }

    func findings() -> [DoctorFinding] {
        given.map { certificate($0, notice: Self.notice, remedy: "get a new one and replace the file: it is taken on without a restart") }
            + own.map {
                certificate($0, notice: Self.ownNotice, remedy: "look into the log for why it was not renewed; a restart makes new ones")
            } + [signingKey, callersToken].compactMap(\.self)
    }

    private var given: [String] {
        [configuration.tls?.certificate, configuration.tls?.trustRoots, configuration.http.tls?.certificate].compactMap(\.self)
    }

    /// Those of a hospital at rest are made anew when it starts.
    private var own: [String] {
        guard configuration.tls == nil, isRunning else { return [] }
        let parts = HospitalServices.names + HospitalName.callers
        let files = ServiceCertificates(dataFolder: configuration.dataFolder, for: parts)
        let paths = parts.flatMap { [files.files(of: $0).certificate] } + [files.files(of: "command").trustRoots].compactMap(\.self)
        return paths.filter { FileManager.default.fileExists(atPath: $0) }
    }

    private func certificate(_ path: String, notice: Duration, remedy: String) -> DoctorFinding {
        do {
            let expiry = Instant(millisecondsSinceEpoch: try CertificateExpiry.earliest(inFile: path) * 1000)
            if expiry <= now { return .wrong(path, "expired at \(expiry)", do: remedy) }
            if expiry < now + notice { return .warning(path, "expires at \(expiry)", do: remedy) }
            return .fine(path, "is good until \(expiry)")
        } catch {
            return .wrong(path, "\(error)", do: "put a PEM file of a certificate there")
        }
    }

    private var signingKey: DoctorFinding? {
        let path = configuration.identity.signingKeyFile
        guard !FileManager.default.fileExists(atPath: path) else { return nil }
        return .warning("signing key", "there is none at \(path)", do: "nothing where an identity provider issues tokens; hms up makes one")
    }

    private var callersToken: DoctorFinding? {
        do {
            guard let token = try token.given() else { return nil }
            guard let expiry = Self.expiry(of: token) else {
                return .warning("token", "the one that was given says not when it expires", do: "get one that does, by hms token")
            }
            return expiry <= now
                ? .wrong(
                    "token", "the one that was given expired at \(expiry)", do: "get a new one, by hms token or from the identity provider")
                : .fine("token", "the one that was given is good until \(expiry)")
        } catch {
            return .wrong("token", "\(error)", do: "correct --token-file")
        }
    }

    /// Unverified: who reads it here has it anyhow.
    private static func expiry(of token: String) -> Instant? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var text = String(parts[1]).replacing("-", with: "+").replacing("_", with: "/")
        text += String(repeating: "=", count: (4 - text.count % 4) % 4)
        guard let json = Data(base64Encoded: text), let claims = try? JSONDecoder().decode(ExpiryClaim.self, from: json) else { return nil }
        return claims.exp > 0 && claims.exp < 1e11 ? Instant(millisecondsSinceEpoch: Int64(claims.exp * 1000)) : nil
    }
}

private struct ExpiryClaim: Decodable {
    let exp: Double
}
