/// Modules that are dangerous or replaceable, and the rooms that alone may import them, each with its reason.
struct Keeper: Sendable {
    let modules: Set<String>
    let rooms: [String: String]

    static let all = [
        Keeper(modules: ["CProtobufC"], rooms: ["ProtobufC": "is Swift over it", "hms-bench": "measures beside it"]),
        Keeper(modules: ["CContracts"], rooms: [:]),
        Keeper(
            modules: ["CWire"],
            rooms: [
                "ProtobufC": "checks messages", "RPC": "checksums of frames", "SharedCache": "checksums of entries",
                "hms-bench": "measures beside it",
            ]),
        Keeper(modules: ["GRDB"], rooms: ["Storage": "is the storage"]),
        Keeper(modules: ["GRDBSQLite"], rooms: ["Storage": "is the storage", "hms-bench": "measures beside SQLite alone"]),
        Keeper(modules: ["CSQLiteMemory"], rooms: ["Storage": "is the storage"]),
        Keeper(modules: ["CLibPQ"], rooms: ["Storage": "is the storage"]),
        Keeper(modules: ["CCurl"], rooms: ["NotificationService": "sends e-mail"]),
        Keeper(modules: ["CHiredis"], rooms: ["SharedCache": "speaks to the cache"]),
        Keeper(modules: ["CDocs"], rooms: ["RESTShim": "shows the page"]),
        Keeper(modules: ["CoreMetrics"], rooms: ["MetricsRegistry": "takes what libraries report"]),
        Keeper(
            modules: ["CZlib"],
            rooms: ["RESTShim": "compresses answers", "GRPC": "unpacks messages", "Archive": "compresses backups"]),
        Keeper(modules: ["NIOHTTP2", "NIOHPACK"], rooms: [:]),
        Keeper(
            modules: ["NIOPosix"],
            rooms: [
                "RPC": "its sockets", "RESTShim": "its HTTP server", "ServiceKit": "the event loops that a process has",
                "HMSTestKit": "servers of others, played", "hms-bench": "loads",
            ]),
        Keeper(
            modules: ["NIOCore"],
            rooms: [
                "RPC": "its connections", "HTTP2": "its connections", "GRPC": "bytes of calls",
                "Routes": "bytes of bodies and calls", "RESTShim": "its HTTP server", "ServiceKit": "bytes of calls, keys over HTTP",
                "HospitalClient": "requests of an HTTP client", "NotificationService": "webhooks", "Reflection": "bytes of calls",
                "HMSTestKit": "servers of others, played", "hms-bench": "bytes of calls",
            ]),
        Keeper(
            modules: ["NIOHTTP1"],
            rooms: [
                "RESTShim": "its HTTP server", "ServiceKit": "keys over HTTP", "HospitalClient": "requests of an HTTP client",
                "NotificationService": "webhooks", "HMSTestKit": "servers of others, played",
            ]),
        Keeper(
            modules: ["NIOSSL", "NIOTLS"],
            rooms: ["RPC": "TLS of its connections, and of the public door", "HospitalClient": "asks the hospital of this machine"]),
        Keeper(modules: ["NIO", "NIOConcurrencyHelpers", "NIOEmbedded", "NIOFoundationCompat"], rooms: [:]),
        Keeper(
            modules: ["AsyncHTTPClient"],
            rooms: [
                "HospitalClient": "speaks to the public API", "Supervision": "asks whether it is ready", "Demo": "fills it",
                "NotificationService": "webhooks", "ServiceKit": "keys of an identity provider", "HMSTestKit": "asks a server under test",
                "hms": "lends the client to an import", "hms-bench": "loads",
            ]),
        Keeper(
            modules: ["Crypto"],
            rooms: [
                "CertificateAuthority": "keys and signatures of certificates", "ServiceKit": "tokens",
                "Storage": "digests of requests and migrations", "NotificationService": "signs webhooks",
                "Archive": "checksums of backups", "SignIn": "digests of secrets",
            ]),
        Keeper(modules: ["CryptoExtras"], rooms: ["ServiceKit": "RSA keys of identity providers", "SignIn": "hashes of passwords"]),
        Keeper(
            modules: ["SwiftProtobuf", "SwiftProtobufPluginLibrary"],
            rooms: ["ContractGenerator": "reads descriptors", "Reflection": "reads descriptors"]),
        Keeper(modules: ["ArgumentParser"], rooms: ["hms": "its commands", "hms-bench": "its commands"]),
        Keeper(
            modules: ["Foundation"],
            rooms: [
                "Vocabulary": "time zones, folding of letters", "Storage": "files", "SharedCache": "its thread, URLs",
                "ServiceKit": "files, JSON of keys",
                "NotificationService": "files, calendar of e-mail", "HospitalClient": "URLs", "Supervision": "processes, files",
                "Import": "files, encodings", "Export": "files", "Reflection": "numbers as JSON writes them", "PlainText": "reads JSON",
                "Demo": "files", "Archive": "files", "SignIn": "files of JSON, folding of letters",
                "HospitalCheck": "files", "ContractGenerator": "case of letters", "protoc-gen-hms": "standard input",
                "hms": "files, the process", "hms-bench": "files, processes", "hms-conformance": "standard input", "HMSTestKit": "files",
            ]),
    ]
}
