// swift-tools-version: 6.2
import PackageDescription

/// Every target is held to the same bar: Swift 6 strict concurrency, and a warning is an error.
let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// A release executable has the Swift runtime within itself and a fixed address: nothing is left to relocate when it starts, so
/// the processes of a hospital share every page that they don't write to. libc, heaps and stacks keep their random places.
let oneImage: [LinkerSetting] = [
    .unsafeFlags(
        [
            "-static-stdlib", "-use-ld=lld", "-Xclang-linker", "-no-pie", "-Xlinker", "--no-export-dynamic", "-lCoreFoundation",
            "-l_FoundationICU", "-l_FoundationCShims",
            "-l_FoundationCollections", "-lswiftSynchronization",
        ], .when(platforms: [.linux], configuration: .release))
]

let package = Package(
    name: "hms",
    platforms: [.macOS("26.0")],
    products: [
        // The client for other packages, with the messages and what calls are made of.
        .library(name: "HospitalClient", targets: ["HospitalClient", "Contracts", "RPC"]),
        .executable(name: "hms", targets: ["hms"]),
        .executable(name: "hms-rest", targets: ["hms-rest"]),
        .executable(name: "protoc-gen-hms", targets: ["protoc-gen-hms"]),
    ],
    // Exact versions: a new warning of theirs breaks no fresh clone.
    dependencies: [
        // Sockets, event loops and byte buffers of the RPC stack.
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        // TLS between services and at the public door.
        .package(url: "https://github.com/apple/swift-nio-ssl.git", exact: "2.37.6"),
        // Tests read what we write over HTTP/2 with it. The HTTP client below brings it in anyway.
        .package(url: "https://github.com/apple/swift-nio-http2.git", exact: "1.46.0"),
        // The HTTP client of the command, of webhooks, of identity providers' keys, and of the end-to-end tests.
        .package(url: "https://github.com/swift-server/async-http-client.git", exact: "1.37.0"),
        // SQLite: connections, WAL pool, statement cache, backup.
        .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
        // Reads protoc's descriptors in the generator, and what reflection answers in `hms call`.
        .package(url: "https://github.com/apple/swift-protobuf.git", exact: "1.39.0"),
        // SHA-256 of tokens, requests and page tokens, the signatures of tokens and webhooks.
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        // Command line parsing and help.
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        // The logging facade.
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        // The metrics facade: what libraries report by it is told beside what we count.
        .package(url: "https://github.com/apple/swift-metrics.git", exact: "2.13.0"),
        // The tracing facade: what libraries report by it is told beside our own spans.
        .package(url: "https://github.com/apple/swift-distributed-tracing.git", exact: "1.7.3"),
        // Graceful start and stop of long-running services.
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
        // Deque, Heap and ordered containers.
        .package(url: "https://github.com/apple/swift-collections.git", exact: "1.6.0"),
    ],
    targets: [
        // MARK: C
        .systemLibrary(name: "CProtobufC", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),
        // Sends e-mail. Opened where that is done, and not linked.
        .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        // PostgreSQL. Opened where a database is there, and not linked.
        .systemLibrary(name: "CLibPQ", providers: [.apt(["libpq-dev"])]),
        // gzip of the REST shim's answers.
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // The cache that replicas share. Opened where one is configured, and not linked.
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
        .target(name: "CWire", dependencies: ["CProtobufC"]),
        .target(name: "CContracts", dependencies: ["CProtobufC", "CWire"], path: "Generated/C"),

        // MARK: Messages and RPC
        .target(name: "ProtobufC", dependencies: ["CProtobufC", "CWire"], swiftSettings: house),
        .target(name: "ProtobufJSON", dependencies: ["ProtobufC"], swiftSettings: house),
        .target(name: "FieldChecks", dependencies: ["ProtobufC", "ProtobufJSON"], swiftSettings: house),
        .target(
            name: "RPC",
            dependencies: [
                "CWire", "FieldChecks", "ProtobufC", "ProtobufJSON", "SeededRandom",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Collections", package: "swift-collections"),
            ],
            // A frame passes a dozen accesses to one connection, each checked while it runs. Debug builds, and so all tests, check them.
            swiftSettings: house + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]),
        .target(
            name: "Contracts", dependencies: ["CContracts", "FieldChecks", "ProtobufC", "ProtobufJSON", "RPC"], path: "Generated/Swift",
            swiftSettings: house),

        .target(
            name: "Routes",
            dependencies: ["FieldChecks", "ProtobufC", "ProtobufJSON", "RPC", .product(name: "NIOCore", package: "swift-nio")],
            swiftSettings: house),
        .target(
            name: "PublicRoutes", dependencies: ["Contracts", "ProtobufJSON", "RPC", "Routes"], path: "Generated/Routes",
            swiftSettings: house),
        // For tests: services in which nothing is implemented.
        .target(name: "UnimplementedServices", dependencies: ["Contracts", "RPC"], path: "Generated/Unimplemented", swiftSettings: house),

        // MARK: The hospital's rules
        .target(name: "Vocabulary", swiftSettings: house),
        .target(name: "PatientRules", dependencies: ["Vocabulary"], swiftSettings: house),
        .target(name: "DoctorRules", dependencies: ["Vocabulary"], swiftSettings: house),
        .target(name: "AppointmentRules", dependencies: ["Vocabulary"], swiftSettings: house),
        .target(name: "BillingRules", dependencies: ["Vocabulary"], swiftSettings: house),
        .target(name: "PaymentRules", dependencies: ["Vocabulary"], swiftSettings: house),
        .target(name: "PrescriptionRules", dependencies: ["Vocabulary"], swiftSettings: house),
        .target(name: "NotificationRules", dependencies: ["Vocabulary"], swiftSettings: house),

        // Chance that a seed repeats: ids of traces, a hospital to look at, and tests.
        .target(name: "SeededRandom", swiftSettings: house),

        // A hospital on one machine vouches for its own services.
        .target(
            name: "CertificateAuthority", dependencies: ["Vocabulary", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: house),

        // MARK: What every service stands on
        .target(
            name: "MetricsRegistry", dependencies: [.product(name: "CoreMetrics", package: "swift-metrics")], swiftSettings: house),
        .target(name: "CSQLiteMemory"),
        .target(
            name: "Storage",
            dependencies: [
                "CLibPQ", "CSQLiteMemory",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "DequeModule", package: "swift-collections"),
            ],
            swiftSettings: house),
        .target(
            name: "SharedCache",
            dependencies: [
                "CHiredis", "CWire",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        .target(
            name: "ServiceKit",
            dependencies: [
                "CertificateAuthority", "Contracts", "FieldChecks", "GRPC", "MetricsRegistry", "ProtobufC", "ProtobufJSON", "RPC",
                "SharedCache", "Storage", "Vocabulary",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: house),

        // MARK: The services
        .target(
            name: "PatientService",
            dependencies: ["PatientRules", "Contracts", "ProtobufC", "RPC", "Storage", "ServiceKit", "Vocabulary"],
            swiftSettings: house),
        .target(
            name: "DoctorService",
            dependencies: ["DoctorRules", "Contracts", "ProtobufC", "RPC", "Storage", "ServiceKit", "Vocabulary"],
            swiftSettings: house),
        .target(
            name: "AppointmentService",
            dependencies: ["AppointmentRules", "Contracts", "ProtobufC", "MetricsRegistry", "RPC", "Storage", "ServiceKit", "Vocabulary"],
            swiftSettings: house),
        .target(
            name: "BillingService",
            dependencies: [
                "BillingRules", "Contracts", "MetricsRegistry", "RPC", "Storage", "ServiceKit", "Vocabulary",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        .target(
            name: "PaymentService",
            dependencies: [
                "PaymentRules", "Contracts", "MetricsRegistry", "RPC", "Storage", "ServiceKit", "Vocabulary",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        .target(
            name: "PrescriptionService",
            dependencies: ["PrescriptionRules", "Contracts", "FieldChecks", "ProtobufC", "RPC", "Storage", "ServiceKit", "Vocabulary"],
            swiftSettings: house),
        .target(
            name: "NotificationService",
            dependencies: [
                "CCurl", "NotificationRules", "Contracts", "ProtobufC", "ProtobufJSON", "RPC", "Storage", "ServiceKit", "Vocabulary",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: house),

        .target(
            name: "HTTP2", dependencies: [.product(name: "NIOCore", package: "swift-nio")], swiftSettings: house),

        .target(
            name: "GRPC",
            dependencies: [
                "CZlib", "Contracts", "FieldChecks", "HTTP2", "ProtobufC", "RPC",
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: house),

        // Who the people are that use the pages: users, sessions, identity providers.
        .target(
            name: "SignIn",
            dependencies: [
                "ServiceKit", "SharedCache",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),

        // MARK: The public door
        // The page at /docs, which the C compiler embeds a hundred times faster than an array of bytes is compiled.
        .target(name: "CDocs", exclude: ["Page"]),
        .target(
            name: "RESTShim",
            dependencies: [
                "CDocs", "CZlib", "Contracts", "PublicRoutes", "Routes", "FieldChecks", "GRPC", "HTTP2", "MetricsRegistry", "ProtobufJSON",
                "RPC", "ServiceKit", "SharedCache", "SignIn", "Vocabulary",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: house),

        // MARK: Executables
        // What the command is made of, each a room.
        .target(name: "PlainText", swiftSettings: house),
        .target(
            name: "HospitalClient",
            dependencies: [
                "Contracts", "FieldChecks", "PlainText", "ProtobufC", "RPC", "ServiceKit",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: house),
        .target(
            name: "Reflection",
            dependencies: [
                "HospitalClient", "PlainText", "RPC", "ServiceKit",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            swiftSettings: house),
        .target(
            name: "Supervision",
            dependencies: [
                "HospitalClient", "PlainText", "ServiceKit", "Vocabulary",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        .target(name: "Import", dependencies: ["HospitalClient", "PlainText", "ServiceKit", "Vocabulary"], swiftSettings: house),
        .target(name: "Export", dependencies: ["Contracts", "ProtobufJSON", "RPC"], swiftSettings: house),
        .target(
            name: "Demo",
            dependencies: [
                "HospitalClient", "PlainText", "SeededRandom", "ServiceKit", "Supervision", "Vocabulary",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ],
            swiftSettings: house),
        .target(
            name: "Archive", dependencies: ["CZlib", "Vocabulary", .product(name: "Crypto", package: "swift-crypto")], swiftSettings: house),
        .target(
            name: "HospitalCheck",
            dependencies: [
                "Contracts", "HospitalClient", "PlainText", "ProtobufC", "RPC", "ServiceKit", "Storage", "Supervision", "Vocabulary",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        .executableTarget(
            name: "hms",
            dependencies: [
                "Archive", "Demo", "Export", "HospitalCheck", "HospitalClient", "Import", "PlainText", "Reflection", "Supervision",
                "PatientService", "DoctorService", "AppointmentService", "BillingService", "PrescriptionService", "PaymentService",
                "NotificationService", "Contracts", "RESTShim", "RPC", "ServiceKit", "SignIn", "Vocabulary",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: house, linkerSettings: oneImage),
        .executableTarget(
            name: "hms-rest",
            dependencies: ["Contracts", "RESTShim", "ServiceKit", .product(name: "Logging", package: "swift-log")],
            swiftSettings: house, linkerSettings: oneImage),
        .target(
            name: "ContractGenerator",
            dependencies: [
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
                .product(name: "SwiftProtobufPluginLibrary", package: "swift-protobuf"),
            ],
            swiftSettings: house),
        .executableTarget(name: "protoc-gen-hms", dependencies: ["ContractGenerator"], swiftSettings: house),
        .executableTarget(
            name: "hms-bench",
            dependencies: [
                "AppointmentService", "CProtobufC", "CWire", "Contracts", "DoctorService", "GRPC", "HMSTestKit", "PatientService",
                "FieldChecks", "MetricsRegistry", "ProtobufC", "RPC", "ServiceKit", "Storage", "Vocabulary", "HospitalClient", "PlainText",
                "ProcessDriving", "SeededRandom",
                "Supervision",
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: house, linkerSettings: oneImage),
        .target(
            name: "CConformanceMessages", dependencies: ["CContracts", "CProtobufC", "CWire"], path: "Generated/Conformance/C"),
        .target(
            name: "ConformanceMessages", dependencies: ["CConformanceMessages", "Contracts", "FieldChecks", "ProtobufC", "ProtobufJSON"],
            path: "Generated/Conformance/Swift", swiftSettings: house),
        .executableTarget(
            name: "hms-conformance", dependencies: ["ConformanceMessages", "ProtobufC", "ProtobufJSON", "Contracts"], swiftSettings: house),

        // MARK: Tests
        .target(
            name: "HMSTestKit",
            dependencies: [
                "Contracts", "UnimplementedServices", "PlainText", "ProtobufC", "RPC", "Storage", "StorageTestKit", "ServiceKit",
                "Vocabulary",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "ServiceKitTests",
            dependencies: [
                "HMSTestKit", "ServiceKit", "Contracts", "UnimplementedServices", "FieldChecks", "MetricsRegistry", "ProtobufC", "RPC",
                "Storage",
                "Vocabulary",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: house),
        .testTarget(name: "MetricsRegistryTests", dependencies: ["MetricsRegistry"], swiftSettings: house),
        .testTarget(
            name: "SharedCacheTests", dependencies: ["ProcessDriving", "SharedCache", .product(name: "Logging", package: "swift-log")],
            swiftSettings: house),
        .testTarget(
            name: "HospitalClientTests",
            dependencies: ["Contracts", "HospitalClient", "ProtobufC", "RPC", .product(name: "NIOCore", package: "swift-nio")],
            swiftSettings: house),
        .testTarget(
            name: "ReflectionTests",
            dependencies: ["PlainText", "Reflection", "SeededRandom", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
            swiftSettings: house),
        .testTarget(
            name: "SupervisionTests",
            dependencies: [
                "HMSTestKit", "HospitalClient", "ServiceKit", "Supervision", "Vocabulary", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "ImportTests",
            dependencies: [
                "HMSTestKit", "HospitalClient", "Import", "PlainText", "SeededRandom", "ServiceKit", "Vocabulary",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "ExportTests",
            dependencies: [
                "Contracts", "Export", "HMSTestKit", "PatientService", "PlainText", "RPC", "Reflection", "ServiceKit", "Storage",
                "UnimplementedServices",
            ],
            swiftSettings: house),
        .testTarget(name: "DemoTests", dependencies: ["Demo", "SeededRandom", "Vocabulary"], swiftSettings: house),
        .testTarget(
            name: "HospitalCheckTests",
            dependencies: [
                "HospitalCheck", "HMSTestKit", "PatientService", "DoctorService", "AppointmentService", "BillingService",
                "PrescriptionService", "PaymentService", "NotificationService", "Contracts", "ProtobufC", "ServiceKit", "Storage",
                "StorageTestKit", "Vocabulary",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        // Whole hospitals as their users have them: processes that are started, killed and looked at.
        .target(
            name: "ProcessDriving", dependencies: ["HMSTestKit", "PlainText", "ServiceKit", "Supervision"], path: "Tests/ProcessDriving",
            swiftSettings: house),
        .testTarget(
            name: "ChaosTests",
            dependencies: [
                "HMSTestKit", "HospitalClient", "PlainText", "ProcessDriving", "SeededRandom", "ServiceKit", "Supervision", "Vocabulary",
                "hms",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "FuzzTests",
            dependencies: [
                "CWire", "Contracts", "HMSTestKit", "ProcessDriving", "ProtobufC", "RPC", "SeededRandom", "ServiceKit", "Supervision",
                "hms",
            ],
            swiftSettings: house),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Archive", "CertificateAuthority", "AppointmentService", "Contracts", "DoctorService", "HMSTestKit", "HospitalClient",
                "PlainText", "ProcessDriving", "ProtobufC", "ServiceKit",
                "Storage", "StorageTestKit",
                "Supervision", "Vocabulary", "hms", "hms-rest",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            exclude: ["Webhooks/receiver.py"],
            swiftSettings: house),
        .testTarget(name: "ArchiveTests", dependencies: ["Archive", "Vocabulary"], swiftSettings: house),
        .testTarget(name: "ArchitectureTests", swiftSettings: house),
        .testTarget(
            name: "RPCTests",
            dependencies: [
                "CertificateAuthority", "RPC", "FieldChecks", "SeededRandom", "Vocabulary",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        // Hosts of their own, made of network namespaces. Needs root.
        .testTarget(
            name: "NetworkTests",
            dependencies: [
                "RPC",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "ContractsTests",
            dependencies: [
                "Contracts", "PublicRoutes", "Routes", "UnimplementedServices", "HMSTestKit", "FieldChecks", "ProtobufC", "ProtobufJSON",
                "RPC", "Vocabulary",
                "PlainText",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: house),
        .executableTarget(
            name: "storage-writer", dependencies: ["Storage", .product(name: "Logging", package: "swift-log")], path: "Tests/StorageWriter",
            swiftSettings: house),
        // A schema for each test, on the server that HMS_TEST_POSTGRES names.
        .target(
            name: "StorageTestKit", dependencies: ["Storage", .product(name: "Logging", package: "swift-log")],
            path: "Tests/StorageTestKit",
            swiftSettings: house),
        .testTarget(
            name: "StorageTests",
            dependencies: [
                "SeededRandom", "Storage", "StorageTestKit", "storage-writer", .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        // The conformance messages as SwiftProtobuf has them: what our codec is compared with.
        .target(
            name: "ReferenceMessages", dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
            path: "Generated/Conformance/SwiftProtobuf"),
        .testTarget(
            name: "ProtobufJSONTests", dependencies: ["ProtobufC", "ProtobufJSON", "Contracts", "ProcessorTime", "SeededRandom"],
            swiftSettings: house),
        .testTarget(name: "FieldChecksTests", dependencies: ["FieldChecks", "Contracts"], swiftSettings: house),
        // How long a thread works, for tests of what takes time in proportion.
        .target(name: "ProcessorTime", path: "Tests/ProcessorTime", swiftSettings: house),
        .testTarget(
            name: "ProtobufCTests",
            dependencies: [
                "FieldChecks", "ProtobufC", "ProtobufJSON", "CProtobufC", "CWire", "Contracts", "ConformanceMessages", "ProcessorTime",
                "ReferenceMessages", "SeededRandom",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "ContractGeneratorTests",
            dependencies: ["ContractGenerator", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
            resources: [.copy("Golden")], swiftSettings: house),
        .testTarget(name: "VocabularyTests", dependencies: ["Vocabulary"], swiftSettings: house),
        .testTarget(name: "PatientRulesTests", dependencies: ["PatientRules", "Vocabulary"], swiftSettings: house),
        .testTarget(name: "DoctorRulesTests", dependencies: ["DoctorRules", "Vocabulary"], swiftSettings: house),
        .testTarget(
            name: "HTTP2Tests",
            dependencies: [
                "HTTP2", "SeededRandom", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "GRPCTests",
            dependencies: [
                "GRPC", "HTTP2", "Contracts", "FieldChecks", "RPC", .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "RESTShimTests",
            dependencies: [
                "RESTShim", "CertificateAuthority", "Contracts", "GRPC", "PublicRoutes", "Routes", "UnimplementedServices", "HMSTestKit",
                "FieldChecks", "ProcessDriving", "ProtobufJSON", "RPC", "ServiceKit", "SharedCache", "SignIn", "Storage", "Vocabulary",
                "PlainText", "SeededRandom",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "SignInTests",
            dependencies: [
                "HMSTestKit", "ProcessDriving", "RPC", "ServiceKit", "SharedCache", "SignIn",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "PatientServiceTests",
            dependencies: [
                "PatientService", "Contracts", "UnimplementedServices", "HMSTestKit", "FieldChecks", "ProtobufC", "RPC", "ServiceKit",
                "Storage", "Vocabulary",
                "SeededRandom",
            ],
            swiftSettings: house),
        .testTarget(
            name: "DoctorServiceTests",
            dependencies: [
                "DoctorService", "Contracts", "UnimplementedServices", "HMSTestKit", "FieldChecks", "ProtobufC", "RPC", "ServiceKit",
                "Storage", "Vocabulary",
            ],
            swiftSettings: house),
        .testTarget(
            name: "WholeHospitalTests",
            dependencies: [
                "PatientService", "DoctorService", "AppointmentService", "BillingService", "PrescriptionService", "PaymentService",
                "NotificationService", "Contracts", "HMSTestKit", "HospitalCheck", "MetricsRegistry", "PlainText", "ProtobufC",
                "ProtobufJSON",
                "PublicRoutes", "RESTShim", "RPC", "Routes", "ServiceKit", "Storage", "Vocabulary", "SeededRandom", "Supervision",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "PlanTests",
            dependencies: [
                "PatientService", "DoctorService", "AppointmentService", "BillingService", "PrescriptionService", "PaymentService",
                "NotificationService", "Contracts", "HMSTestKit", "FieldChecks", "ProtobufC", "RPC", "ServiceKit", "Storage", "Vocabulary",
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            exclude: ["Golden"], swiftSettings: house),
        .testTarget(name: "AppointmentRulesTests", dependencies: ["AppointmentRules", "Vocabulary"], swiftSettings: house),
        .testTarget(name: "BillingRulesTests", dependencies: ["BillingRules", "Vocabulary"], swiftSettings: house),
        .testTarget(name: "PaymentRulesTests", dependencies: ["PaymentRules", "SeededRandom", "Vocabulary"], swiftSettings: house),
        .testTarget(name: "PrescriptionRulesTests", dependencies: ["PrescriptionRules", "Vocabulary"], swiftSettings: house),
        .testTarget(name: "NotificationRulesTests", dependencies: ["NotificationRules", "Vocabulary"], swiftSettings: house),
        .testTarget(
            name: "AppointmentServiceTests",
            dependencies: [
                "AppointmentService", "BillingService", "Contracts", "DoctorService", "HMSTestKit", "PatientService", "FieldChecks",
                "ProcessDriving", "ProtobufC", "ProtobufJSON", "RPC", "ServiceKit", "SharedCache", "Storage", "Vocabulary", "SeededRandom",
            ],
            swiftSettings: house),
        .testTarget(
            name: "BillingServiceTests",
            dependencies: [
                "BillingService", "Contracts", "UnimplementedServices", "HMSTestKit", "FieldChecks", "ProtobufC", "ProtobufJSON", "RPC",
                "ServiceKit", "Storage",
                "Vocabulary",
            ],
            swiftSettings: house),
        .testTarget(
            name: "PaymentServiceTests",
            dependencies: [
                "PaymentService", "PaymentRules", "BillingService", "Contracts", "HMSTestKit", "FieldChecks", "ProtobufC", "ProtobufJSON",
                "RPC", "ServiceKit",
                "Storage", "Vocabulary", .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "PrescriptionServiceTests",
            dependencies: [
                "PrescriptionService", "Contracts", "UnimplementedServices", "HMSTestKit", "FieldChecks", "ProtobufC", "RPC", "ServiceKit",
                "Storage", "Vocabulary",
            ],
            swiftSettings: house),
        .testTarget(
            name: "NotificationServiceTests",
            dependencies: [
                "NotificationService", "NotificationRules", "Contracts", "UnimplementedServices", "HMSTestKit", "ProtobufC", "ProtobufJSON",
                "RPC", "ServiceKit",
                "Storage",
                "Vocabulary",
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "NIOCore", package: "swift-nio"),
            ],
            resources: [.copy("Servers")],
            swiftSettings: house),
    ],
    swiftLanguageModes: [.v6]
)

// `HMS_TESTS="RPCTests StorageTests"` builds no more than these test targets need.
if let only = Context.environment["HMS_TESTS"], !only.isEmpty {
    let byName = Dictionary(uniqueKeysWithValues: package.targets.map { ($0.name, $0) })
    var needed: Set<String> = []
    var open = only.split(separator: " ").map(String.init)
    while let name = open.popLast() {
        guard let target = byName[name], needed.insert(name).inserted else { continue }
        for dependency in target.dependencies {
            switch dependency {
            case .byNameItem(let name, _), .targetItem(let name, _): open.append(name)
            default: break
            }
        }
    }
    package.targets.removeAll { !needed.contains($0.name) }
    package.products.removeAll { product in !needed.contains(product.name) }
}

// A change is proved on one optimised build: `HMS_ONE_BUILD=tests` lets tests into it and checks exclusivity, which the shipped one
// trusts. `HMS_ONE_BUILD=executables` links the same objects, these checks included, with the linker's settings of the release.
if let part = Context.environment["HMS_ONE_BUILD"] {
    for target in package.targets {
        let tested = ["-enable-testing", "-enforce-exclusivity=checked", "-gnone"] + (target.type == .test ? ["-Onone"] : [])
        target.swiftSettings?.append(.unsafeFlags(tested, .when(configuration: .release)))
        if part == "tests" { target.linkerSettings = nil }
    }
}
