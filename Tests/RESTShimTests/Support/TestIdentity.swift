import Foundation
import ServiceKit

/// The keys of one test's hospital, in a folder of their own.
struct TestIdentity {
    let folder: String
    let configuration: IdentityConfiguration

    /// Services that have keys.
    static let services = ["patient", "everything"]

    static func use<Result>(_ body: (TestIdentity) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "shim-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let configuration = IdentityConfiguration(dataFolder: folder)
        _ = try SigningKey.findOrMake(configuration)
        try ServiceKeys.findOrMake(for: services, configuration)
        return try await body(TestIdentity(folder: folder, configuration: configuration))
    }
}
