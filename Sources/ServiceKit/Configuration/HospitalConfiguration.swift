import Logging
public import SharedCache

/// Everything that a process of the hospital is told from outside, checked.
public struct HospitalConfiguration: Sendable {
    public var dataFolder: String
    public var databases: DatabasePlaces
    /// The file that tells the time; nil: the system's clock.
    public var clockFile: String?
    public var clinic: ClinicConfiguration
    public var logLevel: Logger.Level
    public var identity: IdentityConfiguration
    /// How people sign in at the public port.
    public var signIn: SignInConfiguration
    public var rpcListen: NetworkAddress
    public var httpListen: NetworkAddress
    public var http: HTTPConfiguration
    /// Where metrics are told; nil: nowhere.
    public var metricsListen: NetworkAddress?
    /// Of which requests it is kept what they did.
    public var traces = TraceConfiguration()
    /// Where replicas of a service share what others have said; nil: nowhere.
    public var cache: CacheAddress?
    /// How the services know each other; nil: they speak without TLS.
    public var tls: TLSFileConfiguration?
    /// Whether to listen beyond this machine without TLS.
    public var isInsecure: Bool
    public var timeout: Duration
    public var maximumTimeout: Duration
    public var drainGrace: Duration
    public var idempotencyRetention: Duration
    /// How long events are kept once everybody who hears of them has them, by the hospital's clock.
    public var eventRetention: Duration
    /// What is kept of who has read and changed what.
    public var audit = AuditScope.all
    /// When a read that is kept is on the disk.
    public var auditOfReads = AuditOfReads.buffered
    /// What must be free on the disk of SQLite's files, or nothing is stored.
    public var storageRoomMiB = 64
    /// How long it is kept who has read and changed what, by the real clock.
    public var auditRetention: Duration
    public var payment: PaymentConfiguration
    public var notification: NotificationConfiguration
    /// The addresses of each service that is configured, by its name: `patient`.
    public var peers: [String: [NetworkAddress]]

    /// Ten years.
    static let usualAuditRetention: Duration = .seconds(3_650 * 86_400)

    /// The settings' defaults, over a data folder.
    public init(dataFolder: String) {
        self.dataFolder = dataFolder
        databases = DatabasePlaces()
        clockFile = nil
        clinic = ClinicConfiguration()
        logLevel = .info
        identity = IdentityConfiguration(dataFolder: dataFolder)
        signIn = SignInConfiguration(identity: identity, dataFolder: dataFolder)
        rpcListen = NetworkAddress(host: "127.0.0.1", port: 0)
        httpListen = NetworkAddress(host: "127.0.0.1", port: 8080)
        http = HTTPConfiguration()
        metricsListen = nil
        cache = nil
        tls = nil
        isInsecure = false
        timeout = .seconds(10)
        maximumTimeout = .seconds(60)
        drainGrace = .seconds(10)
        idempotencyRetention = .seconds(24 * 3_600)
        eventRetention = .seconds(7 * 86_400)
        auditRetention = Self.usualAuditRetention
        payment = PaymentConfiguration()
        notification = NotificationConfiguration()
        peers = [:]
    }
}

/// How callers are known.
public struct IdentityConfiguration: Hashable, Sendable {
    /// The public keys that verify people's tokens.
    public var jwksFile: String
    /// Where an identity provider publishes more of them.
    public var jwksURL: String?
    /// The operator's private key, which signs tokens of people. No service needs it.
    public var signingKeyFile: String
    /// The public keys that verify the tokens of services.
    public var serviceJWKSFile: String
    /// Where the services' private keys lie, one `NAME.pem` each.
    public var serviceKeyFolder: String
    /// The one private key that a service was given, in place of the one in the folder.
    public var givenServiceKeyFile: String?
    /// The keys that close secrets in databases.
    public var sealingKeyFile: String
    /// Whose tokens are not accepted any more.
    public var revocationFile: String
    public var issuer: String
    public var audience: String
    /// How far clocks may differ when a token expires.
    public var leeway: Duration

    public init(dataFolder: String) {
        jwksFile = "\(dataFolder)/keys/jwks.json"
        signingKeyFile = "\(dataFolder)/keys/signing.pem"
        serviceJWKSFile = "\(dataFolder)/keys/services.json"
        serviceKeyFolder = "\(dataFolder)/keys/services"
        sealingKeyFile = "\(dataFolder)/keys/sealing.json"
        revocationFile = "\(dataFolder)/keys/revoked.json"
        issuer = "hms"
        audience = "hms"
        leeway = .zero
    }
    /// The private key with which a service signs its own calls.
    public func serviceKeyFile(of service: String) -> String {
        givenServiceKeyFile ?? "\(serviceKeyFolder)/\(service).pem"
    }
}
