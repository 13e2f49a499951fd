import Foundation
import ServiceKit

/// Keys for the services of every test's hospital, made once: making and syncing eight of them takes longer than many a test.
struct TestServiceKeys: Sendable {
    /// A service that the hospital doesn't have, for tests that call as one.
    static let some = "test"

    static let shared = Result { try TestServiceKeys() }

    private let files: [String: String]

    private init() throws {
        let folder = try TemporaryFolder()
        let services = Settings.services + [Self.some]
        try ServiceKeys.findOrMake(for: services, IdentityConfiguration(dataFolder: folder.path))
        let names = services.map { "keys/services/\($0).pem" } + ["keys/services.json"]
        files = Dictionary(uniqueKeysWithValues: try names.map { ($0, try folder.read($0)) })
    }

    func lend(to hospital: TemporaryFolder) throws {
        for (name, text) in files { try hospital.write(text, to: name) }
    }
}
