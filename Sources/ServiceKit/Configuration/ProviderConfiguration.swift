/// An identity provider (OpenID Connect) at which people sign in, and what its word means here.
public struct ProviderConfiguration: Hashable, Sendable {
    /// A word of the provider's and the role that it stands for.
    public struct RoleRule: Hashable, Sendable {
        public var word: String
        public var role: CallerRole

        public init(_ word: String, _ role: CallerRole) {
            (self.word, self.role) = (word, role)
        }
    }

    /// As its tokens name it, and where `/.well-known/openid-configuration` is.
    public var issuer: String
    public var clientID: String
    /// The file of the secret that the provider knows this hospital by; nil: it knows it by PKCE alone.
    public var clientSecretFile: String?
    /// Where the words stand that mean roles: a claim's name, or names within one another joined by dots.
    public var roleClaim = "role"
    /// The first rule whose word somebody has is his role.
    public var roles: [RoleRule] = [.admin, .doctor, .billing, .reception].map { RoleRule($0.rawValue, $0) }
    /// Where a doctor's `doctor_id` stands.
    public var doctorClaim = "doctor_id"
    public var scopes = "openid profile"

    public init(issuer: String, clientID: String) {
        (self.issuer, self.clientID) = (issuer, clientID)
    }
}

extension ProviderConfiguration {
    /// Nil where none is configured.
    init?(reading settings: inout SettingReader) {
        let issuer = settings.read(Settings.oidcIssuer, SettingCheck.issuer, else: nil)
        let clientID = settings.readText(Settings.oidcClientID)
        let secretFile = settings.readText(Settings.oidcClientSecret)
        let (roleClaim, doctorClaim) = (settings.readText(Settings.oidcRoleClaim), settings.readText(Settings.oidcDoctorClaim))
        let rules = settings.read(Settings.oidcRoles, SettingCheck.roleRules, else: nil)
        let scopes = settings.readText(Settings.oidcScopes)
        guard let issuer else { return nil }
        guard let clientID else {
            settings.refuse(Settings.oidcClientID, "must be set together with \(Settings.oidcIssuer.key)")
            return nil
        }
        self.init(issuer: issuer, clientID: clientID)
        clientSecretFile = secretFile
        self.roleClaim = roleClaim ?? self.roleClaim
        self.doctorClaim = doctorClaim ?? self.doctorClaim
        roles = rules ?? roles
        self.scopes = scopes ?? self.scopes
    }
}

extension SettingCheck {
    /// The provider's word counts for who people are, so it comes over TLS, or from this machine.
    static func issuer(_ text: String) throws(SettingRefusal) -> String? {
        let isLocal = ["http://127.0.0.1", "http://localhost", "http://[::1]"].contains {
            text == $0 || text.hasPrefix($0 + ":") || text.hasPrefix($0 + "/")
        }
        guard text.hasPrefix("https://") || isLocal, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"?#@\\\"".utf8.contains($0) }) else {
            throw SettingRefusal("must be a URL such as https://login.hospital.example/realms/staff, not “\(text)”")
        }
        return text
    }

    static func roleRules(_ text: String) throws(SettingRefusal) -> [ProviderConfiguration.RoleRule]? {
        var rules: [ProviderConfiguration.RoleRule] = []
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", omittingEmptySubsequences: false)
            guard pair.count == 2, !pair[0].isEmpty, let role = CallerRole(rawValue: String(pair[1])), role != .service else {
                throw SettingRefusal("must be words and roles such as FrontDesk=reception,Physicians=doctor, not “\(part)”")
            }
            rules.append(.init(String(pair[0]), role))
        }
        return rules.isEmpty ? nil : rules
    }
}
