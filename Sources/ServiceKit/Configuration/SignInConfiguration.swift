/// How people sign in to the pages of the REST shim.
public struct SignInConfiguration: Hashable, Sendable {
    /// Whose key signs the tokens of those who are signed in.
    public var identity: IdentityConfiguration
    /// The hospital's own users.
    public var usersFile: String
    /// How long a session may rest.
    public var idle: Duration = .seconds(1_800)
    /// How long a session lasts at most.
    public var lifetime: Duration = .seconds(12 * 3_600)
    /// Whose people of this hospital's own are not let in by a password alone.
    public var rolesWithSecondFactor: Set<CallerRole> = []
    /// Where browsers reach the REST shim, `https://hospital.example`; nil: where it listens.
    public var publicURL: String?
    /// Nil: people sign in with a password of this hospital's own.
    public var provider: ProviderConfiguration?

    public init(identity: IdentityConfiguration, dataFolder: String) {
        self.identity = identity
        usersFile = "\(dataFolder)/keys/users.json"
    }
}

extension HospitalConfiguration {
    /// After the identity is known.
    mutating func readSignIn(_ settings: inout SettingReader) {
        signIn = SignInConfiguration(identity: identity, dataFolder: dataFolder)
        signIn.usersFile = settings.readText(Settings.users) ?? signIn.usersFile
        signIn.idle = settings.read(Settings.sessionIdle, SettingCheck.duration(.seconds(60) ... .seconds(24 * 3_600)), else: signIn.idle)
        let lifetimes = SettingCheck.duration(.seconds(60) ... .seconds(30 * 86_400))
        signIn.lifetime = settings.read(Settings.sessionLifetime, lifetimes, else: signIn.lifetime)
        if signIn.idle > signIn.lifetime {
            settings.refuse(Settings.sessionIdle, "must not be longer than \(Settings.sessionLifetime.key)")
        }
        signIn.rolesWithSecondFactor = settings.read(
            Settings.secondFactorRoles, SettingCheck.roles, else: signIn.rolesWithSecondFactor)
        signIn.publicURL = settings.read(Settings.publicURL, SettingCheck.origin, else: nil)
        signIn.provider = ProviderConfiguration(reading: &settings)
        if signIn.provider != nil, signIn.publicURL == nil {
            settings.refuse(
                Settings.publicURL, "must be set together with \(Settings.oidcIssuer.key): the provider sends people back there")
        }
    }
}

extension SettingCheck {
    /// Roles of people, between commas.
    static func roles(_ text: String) throws(SettingRefusal) -> Set<CallerRole> {
        var roles: Set<CallerRole> = []
        for word in text.split(separator: ",") {
            guard let role = CallerRole.person(word.trimmingPrefix { $0 == " " }.description) else {
                throw SettingRefusal("must be roles such as admin,billing, not “\(text)”")
            }
            roles.insert(role)
        }
        return roles
    }

    /// A scheme, a host and perhaps a port.
    static func origin(_ text: String) throws(SettingRefusal) -> String? {
        let plain = text.hasSuffix("/") ? String(text.dropLast()) : text
        let authority = ["https://", "http://"].first { plain.hasPrefix($0) }.map { plain.dropFirst($0.count) } ?? ""
        guard !authority.isEmpty, authority.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"/?#@\\\"".utf8.contains($0) }) else {
            throw SettingRefusal("must be a URL without a path such as https://hospital.example, not “\(text)”")
        }
        return plain.lowercased()
    }
}
