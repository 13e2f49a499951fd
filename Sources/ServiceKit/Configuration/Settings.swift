/// Every setting of the hospital, in the order in which people read them. The README's table is checked against this.
public enum Settings {
    public static let data = Setting("data", default: "./var", meaning: "Folder of databases, keys and addresses")
    public static let database = Setting(
        "database", isSecret: true,
        meaning:
            "PostgreSQL for every service that has no database of its own, a schema each: `postgres://user:password@host:port,host2:port/name`; SQLite files in the data folder where not set"
    )
    public static let reportsDatabase = Setting(
        "reports.database", isSecret: true,
        meaning: "Replica of that database, from which reports and exports are read: they may be as late as it is behind")
    public static let storageRoom = Setting(
        "storage.room", .integer, default: "64",
        meaning:
            "MiB that must be free on the disk of the databases; with less nothing is stored, and what is there can be read. 0: until the disk is full"
    )
    public static let clock = Setting(
        "clock", meaning: "File with the current time, one RFC 3339 instant; the system's clock where not set")

    public static let clinicName = Setting(
        "clinic.name", default: "the clinic", meaning: "Name of the clinic, as it stands in a sentence of a message to patients")
    public static let timeZone = Setting("clinic.timezone", default: "Asia/Kolkata", meaning: "IANA time zone of the clinic")
    public static let currency = Setting("currency", default: "INR", meaning: "ISO 4217 code of the currency of all money")
    public static let consultationFee = Setting(
        "consultation.fee", .integer, default: "50000", meaning: "Fee of doctors who have none of their own, in minor units")

    public static let phoneRegion = Setting(
        "phone.region", default: "IN", meaning: "ISO 3166 code of the country in which telephone numbers without a country code are dialled"
    )

    public static let logLevel = Setting("log.level", default: "info", meaning: "trace, debug, info, notice, warning, error or critical")

    public static let issuer = Setting("issuer", default: "hms", meaning: "Who issues the tokens that are accepted (claim `iss`)")
    public static let audience = Setting("audience", default: "hms", meaning: "Whom accepted tokens are for (claim `aud`)")
    public static let jwks = Setting(
        "jwks",
        meaning:
            "JSON Web Key Set that verifies people's tokens: a file for `DATA/keys/jwks.json`, or the URL of an identity provider beside it"
    )
    public static let signingKey = Setting(
        "signing.key",
        meaning:
            "PEM file of the operator's Ed25519 key, which signs people's tokens for `hms token`; `DATA/keys/signing.pem` where not set"
    )
    public static let serviceJWKS = Setting(
        "service.jwks",
        meaning: "JSON Web Key Set that verifies services' tokens, each key with its `hms_service`; `DATA/keys/services.json` where not set"
    )
    public static let serviceKey = Setting(
        "service.key",
        meaning: "PEM file of the Ed25519 key with which a service signs its own calls; `DATA/keys/services/NAME.pem` where not set")
    public static let sealingKeys = Setting(
        "sealing.keys",
        meaning:
            "File of the keys that close the secrets of webhooks in the database, and those of second factors among the users, which `hms up` and `hms issue` make; `DATA/keys/sealing.json` where not set"
    )
    public static let revocations = Setting(
        "revocations", meaning: "File that says whose tokens are refused, which `hms revoke` writes; `DATA/keys/revoked.json` where not set"
    )
    public static let tokenLeeway = Setting(
        "token.leeway", default: "0s", meaning: "How far clocks may differ when a token expires, at most 30s")

    public static let rpcListen = Setting(
        "rpc.listen", default: "127.0.0.1:0",
        meaning:
            "Address on which a service answers RPC; port 0 is any free one. `hms up` gives its services 7000 and those that follow where it is not set"
    )
    public static let httpListen = Setting("http.listen", default: "127.0.0.1:8080", meaning: "Address on which the REST shim answers HTTP")
    public static let httpConnections = Setting(
        "http.connections.maximum", .integer, default: "4096",
        meaning: "Connections of HTTP clients open at once, fewer where the system's limit of open files is too low")
    public static let httpConnectionShare = Setting(
        "http.connections.share", .integer, default: "1024",
        meaning: "How many of them one client address may have; the maximum where a reverse proxy stands in front")
    public static let httpBodyBudget = Setting(
        "http.bodies.mebibytes", .integer, default: "128", meaning: "Memory for the bodies of all HTTP requests together, in MiB")
    public static let httpCallerRate = Setting(
        "http.rate.caller", .integer, default: "1000",
        meaning:
            "Requests a second that one caller may send to each process of the shim from other machines, twice as many at once; 0: as many as he likes"
    )
    public static let httpAddressRate = Setting(
        "http.rate.address", .integer, default: "2000",
        meaning: "The same of one client address")
    public static let httpTrustedProxies = Setting(
        "http.proxies.trusted",
        meaning: "Reverse proxies in front, as addresses or networks: the client is who their `X-Forwarded-For` names")
    public static let metricsListen = Setting(
        "metrics.listen",
        meaning:
            "Address on which a process tells its metrics, `GET /metrics`, without TLS; nowhere where not set. `hms up` takes free ports of this machine where it is not set, this one and those that follow where it is, and `none` for none"
    )
    public static let traceRate = Setting(
        "trace.rate", .integer, default: "100",
        meaning:
            "One of so many requests leaves spans in every service that it comes to, for `/ops`; 0: none but those that fail or are slow"
    )
    public static let traceSlow = Setting(
        "trace.slow", default: "250ms", meaning: "What takes as long or longer always leaves its span")
    public static let otlp = Setting(
        "otlp", meaning: "Collector of OpenTelemetry that spans are sent to as well, `http://host:4318/v1/traces`; none where not set")
    public static let cache = Setting(
        "cache", isSecret: true,
        meaning: "Cache that replicas share: `redis://[user:password@]host:port[/database]`; none where not set")
    public static let tlsCertificate = Setting(
        "tls.cert",
        meaning:
            "PEM file of the certificate that this process shows to the hospital's services (`patient.hms`), with those up to an authority. The three files are looked at again for each new connection"
    )
    public static let tlsKey = Setting("tls.key", meaning: "PEM file of its private key")
    public static let tlsRoots = Setting("tls.roots", meaning: "PEM file of the authorities that vouch for the hospital's services")
    public static let httpCertificate = Setting(
        "http.tls.cert", meaning: "PEM file of the certificate that the REST shim shows, with those up to an authority: HTTPS")
    public static let httpKey = Setting("http.tls.key", meaning: "PEM file of its private key")
    public static let insecure = Setting(
        "insecure", .decision, default: "no", meaning: "yes: listen beyond this machine without TLS, where something else encrypts it")
    public static let timeout = Setting("timeout.default", default: "10s", meaning: "Deadline of a request that names none")
    public static let maximumTimeout = Setting("timeout.maximum", default: "60s", meaning: "Longest deadline that a request may name")
    public static let drainGrace = Setting("drain.grace", default: "10s", meaning: "How long a stopping process waits for calls under way")
    public static let idempotencyRetention = Setting(
        "idempotency.retention", default: "24h",
        meaning: "How long answers to idempotency keys are kept, at least 24h; those of payments for good")
    public static let eventRetention = Setting(
        "event.retention", default: "7d",
        meaning:
            "How long events are kept once everybody who hears of them has them; what a service lost that is set back to an older backup is gone"
    )

    public static let audit = Setting(
        "audit.scope", default: "all",
        meaning: "What is kept of who did what with a patient's record: none, changes, or all, which is reads too"
    )
    public static let auditOfReads = Setting(
        "audit.reads", default: "buffered",
        meaning:
            "How a read is kept before it is answered: buffered, in a file that outlives the process, and on the disk a twentieth of a second later; or durable, on the disk, for which every reader waits"
    )
    public static let auditRetention = Setting(
        "audit.retention", default: "3650d", meaning: "How long it is kept who has read and changed what, at least 1d")

    public static let paymentProvider = Setting(
        "payment.provider", default: "desk",
        meaning: "Who moves the money: desk (staff record it) or sandbox (moves none, fails as the payment's reference asks)")
    public static let paymentTimeout = Setting(
        "payment.timeout", default: "3s", meaning: "How long the provider may take before a payment is answered as PENDING")
    public static let paymentSweepAfter = Setting(
        "payment.sweep.after", default: "30s", meaning: "How long a payment is PENDING before the recovery sweep takes it up")

    /// The services in the order of their ports.
    public static let services = ["patient", "doctor", "appointment", "billing", "prescription", "payment", "notification"]

    /// Where a service is found.
    public static func peer(_ service: String) -> Setting {
        Setting("peer.\(service)", .list, meaning: "Addresses of the \(service) service; it counts as unreachable where not set")
    }

    /// Where a service keeps its data, if not where the others do.
    public static func database(of service: String) -> Setting {
        Setting(
            "\(service).database", isSecret: true,
            meaning: "Database of the \(service) service: `postgres://…?schema=NAME` or `sqlite:PATH`")
    }

    public static let all: [Setting] = general + signIn + doors + kept + notification + services.map(peer) + services.map(database(of:))

    private static let general = [
        data, database, reportsDatabase, storageRoom, clock, clinicName, timeZone, currency, consultationFee, phoneRegion, logLevel,
        issuer, audience, jwks, signingKey, serviceJWKS, serviceKey, sealingKeys, revocations, tokenLeeway,
    ]
    private static let doors = [
        rpcListen, httpListen, httpConnections, httpConnectionShare, httpBodyBudget, httpCallerRate, httpAddressRate,
        httpTrustedProxies, metricsListen, traceRate, traceSlow, otlp, cache,
        tlsCertificate, tlsKey, tlsRoots, httpCertificate, httpKey, insecure, timeout, maximumTimeout, drainGrace,
    ]
    private static let kept = [
        idempotencyRetention, eventRetention, audit, auditOfReads, auditRetention, paymentProvider, paymentTimeout, paymentSweepAfter,
    ]

    /// The flag and the environment variable that name the configuration file.
    public static let file = Setting("config", meaning: "JSON file with any of these settings, nested by the dots of their keys")

    /// Variables that the programs read and that are no settings: a caller's token, which part a container runs, and what a supervisor tells its children.
    static let otherVariables = [file.environmentName, tokenVariable, partVariable, Lifeline.variable, InheritedDescriptors.variable]

    /// Holds the token of whoever uses a command.
    public static let tokenVariable = "HMS_TOKEN"

    /// Names the part of the hospital that a container runs, for its health check.
    public static let partVariable = "HMS_PART"
}
