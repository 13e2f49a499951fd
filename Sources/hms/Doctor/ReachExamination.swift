import Logging
import RPC
import ServiceKit
import Storage

/// What a hospital needs beside its own files: the server of its databases, and what it shows of itself by TLS.
struct ReachExamination {
    private let configuration: HospitalConfiguration
    private let silent = Logger(label: "hms") { _ in SwiftLogNoOpLogHandler() }

    init(_ configuration: HospitalConfiguration) {
        self.configuration = configuration
    }

    func findings() -> [DoctorFinding] {
        [server, pair("public TLS") { try $0.httpCredentials(logger: silent) }, pair("TLS") { try $0.credentials(logger: silent) }]
            .compactMap(\.self)
    }

    /// Nil where all databases are files.
    private var server: DoctorFinding? {
        let services = HospitalServices.names.filter(configuration.databases.isServer)
        guard !services.isEmpty else { return nil }
        do {
            let places = try services.map {
                ($0, try configuration.databases.database(of: $0, dataFolder: configuration.dataFolder))
            }
            // Services may have servers of their own.
            for place in places { try DatabaseSchemas(Dictionary(uniqueKeysWithValues: [place]), logger: silent).close() }
            return .fine("server", "answers, and has the tables of \(services.joined(separator: ", "))")
        } catch {
            return .wrong(
                "server", "\(error)",
                do:
                    "look whether it runs and lets this machine and user in (psql); where tables are missing: hms migrate, or hms restore --to"
            )
        }
    }

    /// A certificate without its private key, or with another's, is shown to nobody.
    private func pair(_ subject: String, _ read: (HospitalConfiguration) throws -> TLSCredentials?) -> DoctorFinding? {
        do {
            return try read(configuration) == nil ? nil : .fine(subject, "certificate and private key belong together")
        } catch {
            return .wrong(subject, "\(error)", do: "put certificate and private key of one pair there, in PEM form")
        }
    }
}
