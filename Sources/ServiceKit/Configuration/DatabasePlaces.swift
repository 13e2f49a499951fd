import Storage

/// Where the services' data is, as far as the settings say.
public struct DatabasePlaces: Sendable {
    /// The PostgreSQL database of every service that has none of its own, `postgres://…`; nil: SQLite in the data folder.
    public var all: String?
    /// `postgres://…` or `sqlite:PATH`, by the service's name.
    public var own: [String: String]
    /// A server that follows the one of the database, for reports: `postgres://…`; nil: they are read from the database.
    public var replica: String?

    public init(all: String? = nil, own: [String: String] = [:], replica: String? = nil) {
        self.all = all
        self.own = own
        self.replica = replica
    }

    /// Whether a service keeps its data on a server, which several processes of it can share, and not in a file.
    public func isServer(of service: String) -> Bool {
        (own[service] ?? all).map { !$0.hasPrefix(Self.filePrefix) } ?? false
    }

    /// What to open for a service. In PostgreSQL it is a schema of the service's name, unless the URL names another.
    ///
    /// - Throws: ``StorageError/cannotOpen(_:)``, without the URL, which may hold a password.
    public func database(of service: String, dataFolder: String) throws(StorageError) -> DatabaseConfiguration {
        guard let place = own[service] ?? all else { return .sqlite(path: "\(dataFolder)/\(service)/\(service).sqlite") }
        let database = try Self.database(at: place, schema: service)
        // It follows the server of all, and no other.
        guard let replica, own[service] == nil else { return database }
        return try database.readingReports(from: replica)
    }

    /// The file of a service whose data is on no server.
    public func file(of service: String, dataFolder: String) -> String {
        if let place = own[service], place.hasPrefix(Self.filePrefix) { return String(place.dropFirst(Self.filePrefix.count)) }
        return "\(dataFolder)/\(service)/\(service).sqlite"
    }

    static func database(at place: String, schema: String) throws(StorageError) -> DatabaseConfiguration {
        if place.hasPrefix(filePrefix) && place != filePrefix { return .sqlite(path: String(place.dropFirst(filePrefix.count))) }
        return try .postgres(url: place, schema: schema)
    }

    private static let filePrefix = "sqlite:"
}

extension DatabasePlaces {
    init(reading settings: inout SettingReader) {
        self.init(
            all: settings.read(Settings.database, Self.server, else: nil),
            replica: settings.read(Settings.reportsDatabase, Self.server, else: nil))
        if replica != nil && all == nil { settings.refuse(Settings.reportsDatabase, "follows a database, and none is set") }
        for service in Settings.services {
            own[service] = settings.read(Settings.database(of: service), Self.place, else: nil)
        }
    }

    /// Several services have no file together.
    private static func server(_ text: String) throws(SettingRefusal) -> String? {
        guard text.hasPrefix("postgres") else { throw SettingRefusal("must be a postgres:// URL; it is not shown") }
        return try place(text)
    }

    private static func place(_ text: String) throws(SettingRefusal) -> String? {
        do {
            _ = try database(at: text, schema: "service")
            return text
        } catch {
            throw SettingRefusal(
                "must be a postgres:// URL, with a schema of lower-case letters, digits and _, or sqlite:PATH; it is not shown")
        }
    }
}
