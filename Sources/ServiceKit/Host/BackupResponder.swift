import Contracts
import Foundation
import RPC
import Storage

/// Copies the service's database while it runs.
struct BackupResponder: BackupServiceProtocol {
    let database: Database
    /// Where the copies lie.
    let folder: String

    func backUp(_ request: BackUpRequest, _ context: CallContext) async throws -> BackUpResponse {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let path = "\(folder)/\(request.name).sqlite"
        try await database.backup(to: path)
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
        return BackUpResponse(path: path, bytes: size?.int64Value ?? 0)
    }
}
