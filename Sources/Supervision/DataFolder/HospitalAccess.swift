import Foundation
import HospitalClient
import ServiceKit

/// How a client command reaches a hospital: by the data folder it runs on, or by an address and a token.
public struct HospitalAccess: Sendable {
    public let url: HospitalURL
    public let token: String

    /// - Parameters:
    ///   - url: of the public API; nil: that of the hospital that runs on the data folder.
    ///   - token: nil: one for `role`, signed with the key of the data folder.
    public init(folder: DataFolder, url: String?, token: String?, role: CallerRole) throws {
        self.url = try HospitalURL(try url ?? folder.runningHospital().url)
        if let token {
            self.token = token
        } else {
            self.token = try folder.token(subject: "hms-command", role: role, lifetime: .seconds(86_400))
        }
    }
}

extension DataFolder {
    /// A token signed with the key of the hospital of this folder.
    public func token(subject: String, role: CallerRole, lifetime: Duration) throws -> String {
        let identity = try HospitalConfiguration.load(
            arguments: ["--data", path], environment: ProcessInfo.processInfo.environment
        ).configuration.identity
        guard FileManager.default.fileExists(atPath: identity.signingKeyFile) else { throw DataFolderError.noKey(path: path) }
        let key = try SigningKey(pemFile: identity.signingKeyFile)
        return try TokenSigner(key: key, identity).sign(subject: subject, role: role, lifetime: lifetime)
    }
}
